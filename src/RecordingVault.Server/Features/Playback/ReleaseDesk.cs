using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Where the gate decides anew: facts, verdict, record. It lets nothing out itself.</summary>
internal sealed class ReleaseDesk(ReleasePasses passes, ReleaseCheck check, ReleaseBook book, EgressMarks marks, EgressWaits waits, ManifestShelf manifests, TenantKeys keys, Revocations revocations)
{
    /// <param name="allow">Called once the record is durable.</param>
    public async Task<ReleaseDecision> DecideAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, Func<ReleasePass, OwnerKey, ServedMark?, ReleaseDecision> allow, CancellationToken cancellationToken) =>
        await waits.UntilAsync(
            nudges => TryAsync(asker, recordingId, wish, purpose, recipient, allow, nudges, cancellationToken), cancellationToken) ?? new ReleaseDecision.Refused([PlaybackProblems.BeingMarked]);

    /// <returns>Null while what is asked for is being made ready to leave: then everything is decided anew.</returns>
    private async Task<ReleaseDecision?> TryAsync(
        Asker asker, Guid recordingId, AssetWish wish, ReleasePurpose purpose, string? recipient, Func<ReleasePass, OwnerKey, ServedMark?, ReleaseDecision> allow, bool nudges,
        CancellationToken cancellationToken)
    {
        try
        {
            var counter = await revocations.CurrentAsync(cancellationToken);
            var finding = await check.FindAsync(asker, recordingId, purpose, cancellationToken);
            recipient ??= finding.Processor;
            if (finding is not { Verdict.IsAllowed: true, Recording: { Manifest: { } commit } recording })
                return await RefuseAsync(asker, recordingId, purpose, recipient, finding, cancellationToken);
            using var key = await keys.RecordingKeyAsync(recordingId, cancellationToken);
            var manifest = await manifests.OpenAsync(key, commit, cancellationToken);
            // Pictures of the film hold its frames, which are shown with the visible mark alone.
            if (finding.OnlyCopy is not null && wish.Beside is ObjectRole.Poster or ObjectRole.Thumbnails)
                return new ReleaseDecision.Refused([Problem.NotFound]);
            var copy = purpose.IsBesideFilm() ? null : finding.OnlyCopy;
            var rendition = wish.PrefersRendition ? await check.RenditionAsync(recordingId, cancellationToken) : null;
            var asset = copy is null ? wish.Find(manifest, rendition) : null;
            if (asset is null && copy is null)
                return new ReleaseDecision.Refused([Problem.NotFound]);
            // What is packed is signed by whoever packs it.
            var isKept = purpose == ReleasePurpose.Download && !asker.IsPacking;
            if (await FindEgressAsync(
                    () => asset is null ? marks.FindCopyAsync(key, recording, copy!.Value, wish.Id, finding.Tag, isKept, cancellationToken) : marks.FindAsync(key, manifest, asset, finding.Tag, isKept, cancellationToken))
                is not { } egress)
                return await RefuseAsync(asker, recordingId, purpose, recipient, finding.RefusedFor(PlaybackProblems.MarkFailed), cancellationToken);
            if (egress is Egress.NoCopy none)
                return new ReleaseDecision.Refused([none.Why]);
            if (egress is Egress.Awaited awaited)
            {
                // Nobody stands at the door until a film is encoded: his place is another's who waits for seconds.
                if (awaited.IsEncoded)
                    return new ReleaseDecision.Refused([PlaybackProblems.BeingMarked]);
                if (nudges)
                    marks.Nudge(recordingId, awaited);
                return null;
            }

            if (egress is Egress.Unmarkable && !await check.MayHaveUnmarkedAsync(asker, recordingId, cancellationToken))
                return await RefuseAsync(asker, recordingId, purpose, recipient, finding.RefusedFor(PlaybackProblems.Unmarkable), cancellationToken);
            var release = await book.OpenOrJoinAsync(asker, recording, new ReleaseMark(finding.Tag, egress, asker.IsPacking) { IsWithoutAllConsents = finding.IsWithoutAllConsents }, purpose, recipient, cancellationToken);
            var marked = egress as Egress.Marked;
            var sent = marked is null ? asset! : marked.Asset with { Length = marked.Mark.Layout.Length };
            var pass = new ReleasePass
            {
                ReleaseId = release,
                TenantId = recording.TenantId,
                RecordingId = recordingId,
                Asset = marked?.Asset ?? asset!,
                Stored = marked?.Stored,
                Signed = marked?.Mark.Signed?.ObjectId,
                IsUnmarked = egress is Egress.Unmarkable,
                Tag = finding.Tag,
                End = finding.End,
                Revocations = counter,
                PacedBytesPerSecond = purpose == ReleasePurpose.View && !finding.MayKeep ? StreamPace.RateOf(sent, recording.DurationSeconds) : null,
            };
            passes.Keep(asker, wish, purpose, pass);
            return allow(pass, key, marked?.Mark);
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

    /// <summary>Null where the mark that would leave can't be read back: then nothing leaves.</summary>
    private static async Task<Egress?> FindEgressAsync(Func<Task<Egress>> find)
    {
        try
        {
            return await find();
        }
        catch (MarkFailedException)
        {
            return null;
        }
    }

    private async Task<ReleaseDecision> RefuseAsync(
        Asker asker, Guid recordingId, ReleasePurpose purpose, string? recipient, ReleaseFinding finding, CancellationToken cancellationToken)
    {
        var reasons = finding.Verdict.Reasons;
        // What is not there, and what is only not there yet, is no refusal: a log that strangers can fill with made-up ids serves nobody.
        if (finding.Recording is not null && reasons is not [{ Slug: "not-ready" or "not-found" }])
            await book.RefuseAsync(asker, recordingId, purpose, recipient, finding, cancellationToken);
        return new ReleaseDecision.Refused(reasons);
    }
}
