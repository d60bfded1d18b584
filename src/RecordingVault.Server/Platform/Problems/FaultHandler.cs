using Microsoft.AspNetCore.Diagnostics;

namespace RecordingVault.Server.Platform.Problems;

/// <summary>The edge of the process for requests: a fault goes to the log with its type, outward goes a problem without any detail.</summary>
internal sealed partial class FaultHandler(ILogger<FaultHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true;
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.TooLarge,
            BadHttpRequestException => Problem.BadRequest,
            _ => Problem.Fault,
        };
        if (problem == Problem.Fault)
            Failed(log, exception.GetType().Name, exception.StackTrace);
        await problem.WriteAsync(httpContext);
        return true;
    }

    // The message of an exception can hold a path, a name or a value; its type and its place are enough to find it.
    [LoggerMessage(EventId = 901, Level = LogLevel.Error, Message = "A request failed: {Fault}\n{Place}")]
    private static partial void Failed(ILogger log, string fault, string? place);
}
