using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The one door out (P2): decides, writes the record, and only then opens the sealed asset. Outside Processing nothing else opens one; an
/// architecture test holds that. Whatever can't be decided or recorded does not leave.
/// </summary>
internal sealed class ReleaseGate(ReleaseCheck check, ReleaseBook book, ManifestShelf manifests, TenantKeys keys, SealedStore store)
{
    public async Task<ReleaseDecision> OpenAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        try
        {
            var finding = await check.FindAsync(asker, recordingId, purpose, cancellationToken);
            if (finding is not { Verdict.IsAllowed: true, Recording: { Manifest: { } commit } recording })
                return await RefuseAsync(asker, recordingId, purpose, recipient, finding, cancellationToken);
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            var manifest = await manifests.OpenAsync(key, commit, cancellationToken);
            if (wish.Find(manifest) is not { } asset)
                return new ReleaseDecision.Refused([Problem.NotFound]);
            var release = await book.OpenOrJoinAsync(asker, recording, purpose, recipient, cancellationToken);
            return new ReleaseDecision.Allowed(new OpenedRelease(release, recording.TenantId, recordingId, asset, store.OpenAsset(key, recording.TenantId, recordingId, asset))
            {
                Asker = asker,
                Purpose = purpose,
                Tag = recording.UsageTag,
                End = finding.End,
            });
        }
        catch (SealedFormatException damage)
        {
            await book.TellDamageAsync(asker, recordingId, damage);
            return new ReleaseDecision.Refused([PlaybackProblems.Damaged]);
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            book.TellNoRecord(recordingId, fault);
            return new ReleaseDecision.Refused([PlaybackProblems.NoRecord]);
        }
    }

    private async Task<ReleaseDecision> RefuseAsync(
        Asker asker, Guid recordingId, ReleasePurpose purpose, string? recipient, ReleaseFinding finding, CancellationToken cancellationToken)
    {
        var reasons = finding.Verdict.Reasons;
        // What is not there, and what is only not there yet, is no refusal: a log that strangers can fill with made-up ids serves nobody.
        if (finding.Recording is not null && reasons is not [{ Slug: "not-ready" or "not-found" }])
            await book.RefuseAsync(asker, recordingId, purpose, recipient, finding.Verdict, cancellationToken);
        return new ReleaseDecision.Refused(reasons);
    }
}
