using Microsoft.Net.Http.Headers;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Features.Export;

/// <summary>The answer: part by part into the line, so that memory does not grow with the log. What breaks off is cut and not closed: half a log must not look whole.</summary>
internal sealed class LogFile(LogRelease release, LogPart begun, LogFormat format) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancellationToken = httpContext.RequestAborted;
        var now = httpContext.RequestServices.GetRequiredService<TimeProvider>().Now();
        var response = httpContext.Response;
        response.ContentType = format.MediaType;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = $"recordingvault-log-{now.UtcDateTime:yyyy-MM-dd}.{format.Ending}" }.ToString();
        try
        {
            await response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(format.Opening), cancellationToken);
            await foreach (var part in release.PartsAsync(begun, cancellationToken))
            {
                await response.Body.WriteAsync(format.Bytes(part), cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
        catch (LogReleaseOverException)
        {
            httpContext.Abort();
        }
    }
}
