using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Processing.Copies;

/// <summary>Finds copies for whoever sends files, and has those made that say what is no longer so.</summary>
internal sealed class RecipientCopies(VaultDbContext db, CopyRows rows, JobQueue jobs) : IRecipientCopies
{
    public async Task<FoundCopy> FindAsync(OwnerKey key, Recording recording, UsageTag tag, Guid copyId, CancellationToken cancellationToken)
    {
        if (await LookAsync(recording, tag, copyId, cancellationToken) is not { } copy)
            return new FoundCopy(null, HasFailed: await db.RecipientCopies.AnyAsync(copy => copy.Id == copyId && copy.State == ProcessingState.Failed, cancellationToken));
        try
        {
            var parts = CopyParts.Of(copy, key)!;
            return new FoundCopy((parts, parts.Front(copy)), HasFailed: false);
        }
        catch (SealedFormatException)
        {
            await MakeAnewAsync(copyId, copy.AssetId!.Value, isWhole: true, cancellationToken);
            throw;
        }
    }

    public async Task<Guid?> GoodAsync(Recording recording, UsageTag tag, Guid copyId, CancellationToken cancellationToken) => (await LookAsync(recording, tag, copyId, cancellationToken))?.AssetId;

    public async Task MakeAnewAsync(Guid copyId, Guid assetId, bool isWhole, CancellationToken cancellationToken)
    {
        if (await rows.AwaitAsync(copyId, assetId, isWhole, cancellationToken))
            jobs.Nudge<CopyJob>(db.TenantId, copyId);
    }

    /// <summary>The row of a copy that is made and says what is so; null for any other.</summary>
    private async Task<RecipientCopy?> LookAsync(Recording recording, UsageTag tag, Guid copyId, CancellationToken cancellationToken)
    {
        var copy = await db.RecipientCopies.AsNoTracking()
            .SingleOrDefaultAsync(copy => copy.Id == copyId && copy.RecordingId == recording.Id && copy.IsWanted && copy.State == ProcessingState.Done && copy.Parts != null, cancellationToken);
        if (copy is null || await CopyMaking.FactsAsync(db, recording, tag, cancellationToken) is not { } facts)
            return null;
        if (facts.Hold(copy))
            return copy;
        await MakeAnewAsync(copyId, copy.AssetId!.Value, isWhole: true, cancellationToken);
        return null;
    }
}
