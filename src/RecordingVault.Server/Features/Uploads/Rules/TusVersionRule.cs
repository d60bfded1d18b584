namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>Every request but OPTIONS names the protocol's version; another one is not processed (tus 1.0.0, Tus-Resumable).</summary>
internal sealed class TusVersionRule : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (string.Equals(http.Request.Headers[Tus.ResumableHeader].ToString(), Tus.Version, StringComparison.Ordinal))
            return await next(context);
        http.Response.Headers[Tus.VersionHeader] = Tus.Version;
        return UploadProblems.Version.ToResult();
    }
}
