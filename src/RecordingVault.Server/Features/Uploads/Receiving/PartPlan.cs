using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>What a part may bring and how it is treated.</summary>
/// <param name="MeasureRoomAsync">Measures the tenant's room again, as the offset at which it ends; null where that changes nothing.</param>
internal sealed record PartPlan(PartBounds Bounds, DeclaredRole DeclaredRole, PartChecksum? Checksum, Func<Task<long?>>? MeasureRoomAsync)
{
    /// <summary>With a checksum nothing counts before all of it has come.</summary>
    public bool HoldsBack => Checksum is not null;
}

/// <summary>Sets parts going.</summary>
internal sealed class PartFlows(SealedStore store, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public PartFlow Begin(IncomingPart part, SegmentLedger ledger, PartPlan plan) =>
        new(part, ledger, store, plan, new PartWatch(part.Body, time, part.Turn.Yield, lifetime.ApplicationStopping), time);
}
