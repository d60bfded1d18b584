using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Where the gate decides anew: facts, verdict, record. It lets nothing out itself.</summary>
internal sealed class ReleaseDesk(ReleasePasses passes, ReleaseCheck check, ReleaseBook book, ManifestShelf manifests, TenantKeys keys, Revocations revocations)
{
    /// <param name="allow">Called once the record is durable.</param>
    public async Task<ReleaseDecision> DecideAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, Func<ReleasePass, OwnerKey, ReleaseDecision> allow, CancellationToken cancellationToken)
    {
        try
        {
            var counter = await revocations.CurrentAsync(cancellationToken);
            var finding = await check.FindAsync(asker, recordingId, purpose, cancellationToken);
            if (finding is not { Verdict.IsAllowed: true, Recording: { Manifest: { } commit } recording })
                return await RefuseAsync(asker, recordingId, purpose, recipient, finding, cancellationToken);
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            var manifest = await manifests.OpenAsync(key, commit, cancellationToken);
            if (wish.Find(manifest) is not { } asset)
                return new ReleaseDecision.Refused([Problem.NotFound]);
            var release = await book.OpenOrJoinAsync(asker, recording, purpose, recipient, cancellationToken);
            var pass = new ReleasePass
            {
                ReleaseId = release,
                TenantId = recording.TenantId,
                RecordingId = recordingId,
                Asset = asset,
                Tag = recording.UsageTag,
                End = finding.End,
                Revocations = counter,
            };
            passes.Keep(asker, wish, purpose, pass);
            return allow(pass, key);
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
