using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.Uploads.Rules;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>What a part may bring and how it is treated.</summary>
internal sealed record PartPlan(PartBounds Bounds, DeclaredRole DeclaredRole, PartChecksum? Checksum, SenderStanding Sender)
{
    /// <summary>With a checksum nothing counts before all of it has come.</summary>
    public bool HoldsBack => Checksum is not null;
}

/// <summary>Sets parts going.</summary>
internal sealed class PartFlows(VaultDbContext db, SealedStore store, UploadBuffers buffers, Revocations revocations, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public PartPlan Plan(IncomingPart part, PartBounds bounds) => new(bounds, part.DeclaredRole, part.Checksum, new SenderStanding(db, revocations, part.Sender, time));

    public PartFlow Begin(IncomingPart part, SegmentLedger ledger, PartPlan plan) =>
        new(part, ledger, store, buffers, plan, new PartWatch(part.Body, time, () => buffers.IsAnybodyWaiting, part.Turn.Yield, lifetime.ApplicationStopping), time);
}
