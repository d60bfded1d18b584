using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Tenancy;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>
/// The one door out (P2): decides, writes the record, and only then opens the sealed asset. Outside Processing nothing else opens one; an
/// architecture test holds that. Whatever can't be decided or recorded does not leave.
/// </summary>
internal sealed class ReleaseGate(
    ReleasePasses passes, ReleaseCheck check, ReleaseBook book, ManifestShelf manifests, TenantKeys keys, SealedStore store, TenantContext tenant, Revocations revocations)
{
    public async Task<ReleaseDecision> OpenAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, CancellationToken cancellationToken)
    {
        try
        {
            if (passes.Find(tenant.TenantId, asker, recordingId, wish, purpose) is { } good)
            {
                using var opened = await keys.RecordingKeyAsync(recordingId, cancellationToken);
                return Allow(asker, purpose, good, opened);
            }

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
            return Allow(asker, purpose, pass, key);
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

    private ReleaseDecision.Allowed Allow(Asker asker, ReleasePurpose purpose, ReleasePass pass, OwnerKey key) =>
        new(new OpenedRelease(pass, store.OpenAsset(key, pass.TenantId, pass.RecordingId, pass.Asset)) { Asker = asker, Purpose = purpose });

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
