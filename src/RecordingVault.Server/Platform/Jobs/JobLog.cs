using Hangfire.AspNetCore;
using Hangfire.Logging;

namespace RecordingVault.Server.Platform.Jobs;

/// <summary>
/// Hangfire's log, for which it asks in the middle of taking a job. It keeps one for the whole process: where that belongs to a host that has ended (a server that is
/// stopping), an error at that place would lose the job that was just taken until its claim runs out, half an hour later. Then there is silence instead.
/// </summary>
internal sealed class JobLog(ILoggerFactory loggers) : ILogProvider
{
    private readonly AspNetCoreLogProvider provider = new(loggers);

    public ILog GetLogger(string name)
    {
        try
        {
            return provider.GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return new Silence();
        }
    }

    private sealed class Silence : ILog
    {
        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
