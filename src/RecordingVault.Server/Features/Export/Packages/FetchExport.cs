using Microsoft.EntityFrameworkCore;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Streaming;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>GET /api/v1/exports/{id}/download and DELETE /api/v1/exports/{id}.</summary>
internal static class FetchExport
{
    public static Task Download(Guid id, HttpContext http, ExportRelease release, CancellationToken cancellationToken) => release.WriteAsync(id, http, cancellationToken);

    public static async Task<IResult> End(Guid id, HttpContext http, VaultDbContext db, ExportReach reach, ExportEnding ending, CancellationToken cancellationToken)
    {
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        if (!await db.PackageExports.AnyAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken))
            return Problem.NotFound.ToResult();
        await ending.EndAsync(id, http.Actor(), cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>
/// A package on its way out. Each recording in it must still be allowed to leave for its purpose, to him who fetches it; the event is durable before the first byte; and while it
/// runs the watch looks at all of that each second, as it does at films, and cuts what may not go on, also where nobody reads.
/// </summary>
internal sealed class ExportRelease(VaultDbContext db, TenantKeys keys, SealedStore store, ReleaseCheck check, ReleaseBook book, ExportReach reach, RunningReleases running, Revocations revocations, AuditLog audit, TimeProvider time)
{
    public async Task WriteAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        // Whoever may not take it along learns neither that it is there nor what became of it.
        var purposes = await reach.PurposesAsync(http, cancellationToken);
        if (await db.PackageExports.AsNoTracking().SingleOrDefaultAsync(export => export.Id == id && purposes.Contains(export.For), cancellationToken) is not { } export)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var counter = await revocations.ReadAsync(cancellationToken);
        if (StateProblem(export) is { } over)
        {
            await over.WriteAsync(http);
            return;
        }

        var asker = AskerOf(export, http);
        var recordings = await PackedAsync(export, cancellationToken);
        var (end, refusal) = await LookAsync(asker, recordings, cancellationToken);
        if (refusal is not null)
        {
            await refusal.WriteAsync(http);
            return;
        }

        using var aborting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var response = running.TryBeginPackage(
            export.TenantId, asker, [.. recordings.Select(one => (one.RecordingId, new PackedTag(one.Tag, ExportProblems.TagChanged)))], end, counter, () =>
            {
                // As of a film: the token ends our own work, the reset a write that nobody reads.
                _ = aborting.CancelAsync();
                http.Abort();
            });
        if (response is null)
            await StreamProblems.TooMany.WriteAsync(http);
        else
            await SendAsync(export, [.. recordings.Select(one => one.RecordingId)], response, http, aborting.Token);
    }

    private async Task SendAsync(PackageExport export, IReadOnlyList<Guid> recordings, RunningPackage response, HttpContext http, CancellationToken cancellationToken)
    {
        try
        {
            using var key = await keys.ExportKeyAsync(export.Id, cancellationToken);
            await TellAsync(export, recordings, key, http, cancellationToken);
            http.Response.ContentType = "application/zip";
            http.Response.ContentLength = export.SizeInBytes;
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"recordingvault-{export.Id}.zip\"";
            ContentAnswer.AllowStandstill(http);
            await using var told = new ToldOutput(http.Response.Body, response.Sent);
            await store.CopyWholeAsync(key, ObjectRole.ExportPackage, export.ObjectId!.Value, told, cancellationToken);
            // Whoever has all of it hangs up, and it is still so. A run over everything is somebody's who may take everything: what others fetched of it he does not have.
            var (whole, mayTakeAll) = (time.Now(), http.User.RoleInTenant() is Role.Owner or Role.Admin);
            await db.PackageExports.Where(row => row.Id == export.Id && row.FetchedWholeAt == null && (mayTakeAll || row.RunId == null)).ExecuteUpdateAsync(set => set.SetProperty(row => row.FetchedWholeAt, whole), CancellationToken.None);
        }
        catch (KeyDestroyedException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await ExportProblems.Ended.WriteAsync(http);
        }
        catch (SealedFormatException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await PlaybackProblems.Damaged.WriteAsync(http);
        }
        catch (Exception fault) when (fault is SealedFormatException or OperationCanceledException)
        {
            // Damaged, stopped by the watch, or nobody is there any more: a part must not look like the whole.
            http.Abort();
        }
    }

    private static Problem? StateProblem(PackageExport export) => export.State switch
    {
        ExportState.Ready => null,
        ExportState.Ended => ExportProblems.Ended,
        ExportState.Refused or ExportState.Failed => ExportProblems.Nothing,
        _ => ExportProblems.NotReady,
    };

    private async Task<IReadOnlyList<(Guid RecordingId, UsageTag? Tag)>> PackedAsync(PackageExport export, CancellationToken cancellationToken)
    {
        var items = await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == export.Id && item.IsPacked == true).OrderBy(item => item.Number).Select(item => new { item.RecordingId, item.Tag }).ToListAsync(cancellationToken);
        return [.. items.Select(item => (item.RecordingId, item.Tag))];
    }

    /// <summary>What a fetch would be refused for now, told in the log as a fetch is; null where it can be fetched.</summary>
    public async Task<Problem?> RefusalOfAsync(PackageExport export, HttpContext http, CancellationToken cancellationToken) =>
        StateProblem(export) ?? (await LookAsync(AskerOf(export, http), await PackedAsync(export, cancellationToken), cancellationToken)).Refusal;

    private static PackageAsker AskerOf(PackageExport export, HttpContext http) => new(MemberAsker.Of(http) with { For = export.For, Processor = null }, export.Id) { For = export.For };

    /// <summary>When the permission ends by itself, and why something in the package may not leave any more; null where all may.</summary>
    private async Task<(StandingEnd? End, Problem? Refusal)> LookAsync(PackageAsker asker, IReadOnlyList<(Guid RecordingId, UsageTag? Tag)> recordings, CancellationToken cancellationToken)
    {
        if (recordings.Count == 0)
            return (null, ExportProblems.Ended);
        StandingEnd? end = null;
        foreach (var (recordingId, tag) in recordings)
        {
            var finding = await check.FindAsync(asker, recordingId, ReleasePurpose.Download, cancellationToken);
            end = finding.End;
            // A tag that was changed since is in none of the files: what says the old one does not leave.
            if (finding.Verdict.IsAllowed && finding.Tag != tag)
                return (end, ExportProblems.TagChanged);
            if (finding.Verdict.IsAllowed)
                continue;
            if (finding.Recording is not null && finding.Verdict.Reasons[0] != ExportProblems.Ended)
                await book.RefuseAsync(asker, recordingId, ReleasePurpose.Download, recipient: null, finding, cancellationToken);
            return (end, finding.Verdict.Reasons[0]);
        }

        return (end, null);
    }

    private async Task TellAsync(PackageExport export, IReadOnlyList<Guid> recordings, Vault.Keys.OwnerKey key, HttpContext http, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.PackageExports.Where(row => row.Id == export.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Fetches, row => row.Fetches + 1).SetProperty(row => row.FetchedAt, now), cancellationToken);
        var isOne = recordings is [_];
        await audit.WriteAsync(new AuditEntry("export.fetched", http.Actor(), isOne ? AuditTargetKind.Recording : AuditTargetKind.Tenant, isOne ? recordings[0] : db.TenantId)
        {
            Decrypted = true,
            Fields =
            [
                ("export", export.Id.ToString()), ("recipient", export.Recipient.Open(key, export.TenantId, export.Id, PackageExport.RecipientColumn)), ("for", export.For.Name()),
                ("recordings", string.Join(' ', recordings)), ("sha256", Convert.ToHexStringLower(export.Sha256!)),
            ],
        }, cancellationToken);
    }
}

/// <summary>A member who fetches a package: he may as long as the package may, and he himself.</summary>
internal sealed record PackageAsker(MemberAsker Member, Guid ExportId) : Asker(Member.Actor, Member.GrantId)
{
    public override async ValueTask<Standing> StandingAsync(VaultDbContext db, Guid recordingId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ends = await db.PackageExports.AsNoTracking().Where(export => export.Id == ExportId && export.State == ExportState.Ready).Select(export => (DateTimeOffset?)export.ExpiresAt).SingleOrDefaultAsync(cancellationToken);
        if (ends is not { } end || end <= now)
            return Standing.Refused(ExportProblems.Ended);
        var standing = await Member.StandingAsync(db, recordingId, now, cancellationToken);
        return standing.End is { } own && own.At <= end ? standing : standing with { End = new StandingEnd(end, ExportProblems.Ended) };
    }
}

/// <summary>Passes bytes on, and tells how many before them.</summary>
internal sealed class ToldOutput(Stream output, Action<int> sent) : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        sent(buffer.Length);
        return output.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is sent asynchronously.");
}
