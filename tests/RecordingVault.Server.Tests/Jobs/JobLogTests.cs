using Microsoft.Extensions.Logging;
using RecordingVault.Server.Platform.Jobs;

namespace RecordingVault.Server.Tests.Jobs;

[Trait("Run", "Once")]
public sealed class JobLogTests
{
    [Fact]
    public void A_log_whose_host_has_ended_is_silent_and_costs_no_job()
    {
        var loggers = LoggerFactory.Create(_ => { });
        var jobLog = new JobLog(loggers);
        loggers.Dispose();

        var log = jobLog.GetLogger("Hangfire.PostgreSql.PostgreSqlFetchedJob");

        Assert.False(log.Log(Hangfire.Logging.LogLevel.Error, () => "a job was taken", exception: null));
    }
}
