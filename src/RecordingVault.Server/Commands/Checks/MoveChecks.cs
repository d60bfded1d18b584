using System.Data.Common;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Tenants;

namespace RecordingVault.Server.Commands.Checks;

/// <summary>Whether the store keeps what merges and splits left behind: how many, and of nobody in particular.</summary>
internal sealed class MoveChecks(SystemScope system)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var kept = (await system.ListTenantsAsync<RecordingMove>(SystemReason.Examine, moves => moves.Where(move => move.HasLeftovers), cancellationToken)).Count;
            return kept == 0
                ? []
                : [Finding.Look(
                    "moved files",
                    $"{(kept == 1 ? "of one merge or split" : $"of {kept} merges and splits")} the store still holds what was to be deleted.",
                    "It keeps objects for a set time, or the vault has no right to delete there. It is asked again each day; what it holds is sealed, and stands in no recording.")];
        }
        catch (Exception unreachable) when (unreachable is DbException or InvalidOperationException)
        {
            return []; // the lines about the database say why
        }
    }
}
