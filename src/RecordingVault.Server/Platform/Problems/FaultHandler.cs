using Microsoft.AspNetCore.Diagnostics;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Platform.Problems;

/// <summary>The edge of the process for requests: a fault goes to the log with its type and a reference, outward goes a page with that reference, or a problem, without any detail.</summary>
internal sealed partial class FaultHandler(ErrorPageWriter errorPage, ILogger<FaultHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge,
            BadHttpRequestException => Problem.BadRequest,
            ObjectStoreException { Failure: StoreFailure.Unavailable } => Problem.StoreUnavailable,
            ObjectStoreException { Failure: StoreFailure.Full } => Problem.StoreFull,
            _ => Problem.Fault,
        };
        if (exception is ObjectStoreException store)
            StoreFailed(log, httpContext.TraceIdentifier, store.Failure, store.Message);
        else if (problem == Problem.Fault)
            Failed(log, httpContext.TraceIdentifier, exception.GetType().Name, exception.StackTrace);
        if (problem != Problem.Fault || !httpContext.Request.WantsPage() || !await TryPageAsync(httpContext))
            await problem.WriteAsync(httpContext);
        return true;
    }

    /// <summary>False when what broke the request breaks the page too, such as a database that is gone.</summary>
    private async Task<bool> TryPageAsync(HttpContext http)
    {
        try
        {
            await errorPage(http, PageError.Fault);
            return true;
        }
        catch (Exception fault) when (!http.Response.HasStarted) // the edge of the process: then the problem is the answer
        {
            Failed(log, http.TraceIdentifier, fault.GetType().Name, fault.StackTrace);
            return false;
        }
    }

    [LoggerMessage(EventId = 903, Level = LogLevel.Error, Message = "Request {Reference}: {Failure}. {Says}")]
    private static partial void StoreFailed(ILogger log, string reference, StoreFailure failure, string says);

    // The message of an exception can hold a path, a name or a value; its type and its place are enough to find it.
    [LoggerMessage(EventId = 901, Level = LogLevel.Error, Message = "Request {Reference} failed: {Fault}\n{Place}")]
    private static partial void Failed(ILogger log, string reference, string fault, string? place);
}
