namespace RecordingVault.Server.Platform.Pages;

/// <summary>Not there, or not yours: the same page for both.</summary>
internal sealed class NoSuchPage : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => httpContext.RequestServices.GetRequiredService<ErrorPageWriter>()(httpContext, PageError.NotFound);
}
