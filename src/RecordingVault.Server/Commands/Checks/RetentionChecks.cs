using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Retention.Due;
using RecordingVault.Server.Features.Retention.Due.Run;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether the nightly run of retention comes by every tenant and leaves nothing lying: how many, and of nobody in particular.</summary>
internal sealed class RetentionChecks(SystemScope system, TimeProvider time)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (now, tenants, missed, failed, overdue) = (time.Now(), 0, 0, 0, 0);
            DateTimeOffset? last = null;
            foreach (var tenantId in await system.ListTenantsAsync(SystemReason.Examine, cancellationToken))
            {
                await using var scope = system.Enter(tenantId);
                var state = await RunLook.StateAsync(scope.ServiceProvider.GetRequiredService<VaultDbContext>(), now, cancellationToken);
                tenants++;
                missed += state.IsMissed ? 1 : 0;
                failed += state.Failed > 0 ? 1 : 0;
                overdue += state.Overdue;
                last = state.Last > last || last is null ? state.Last ?? last : last;
            }

            return tenants == 0 ? [] : [Tell(last, tenants, missed, failed, overdue)];
        }
        catch (Exception unreachable) when (unreachable is DbException or InvalidOperationException)
        {
            return []; // the lines about the database say why
        }
    }

    private static Finding Tell(DateTimeOffset? last, int tenants, int missed, int failed, int overdue)
    {
        var when = last is { } at ? string.Create(CultureInfo.InvariantCulture, $"the nightly run began last on {at:d MMMM yyyy} at {at:HH:mm} UTC") : "no nightly run has ended yet";
        if (missed > 0 || overdue > 0)
        {
            return Finding.Unsafe(
                "retention", string.Create(CultureInfo.InvariantCulture, $"{when}; of {tenants} tenants it has not ended in {RunBook.LatestAfter.TotalHours} hours for {missed}, and {overdue} recordings were due more than a day ago."),
                "See that a server with the role worker runs and that the job retention-run is among the recurring jobs, then look into the log for its number 902, 910 or 911. A restart begins what was missed.");
        }

        return failed > 0
            ? Finding.Look("retention", string.Create(CultureInfo.InvariantCulture, $"{when}; for {failed} of {tenants} tenants some recordings failed."), "The next night tries them again. The log has a line with number 902 for each, by its id.")
            : Finding.Ok("retention", $"{when}; nothing is left over.");
    }
}
