using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>GET /api/v1/exports/{id}/download and DELETE /api/v1/exports/{id}.</summary>
internal static class FetchExport
{
    public static Task Download(Guid id, HttpContext http, ExportRelease release, CancellationToken cancellationToken) => release.WriteAsync(id, http, cancellationToken);

    public static async Task<IResult> End(Guid id, HttpContext http, VaultDbContext db, ExportEnding ending, CancellationToken cancellationToken)
    {
        if (!await db.PackageExports.AnyAsync(export => export.Id == id, cancellationToken))
            return Problem.NotFound.ToResult();
        await ending.EndAsync(id, http.Actor(), cancellationToken);
        return TypedResults.NoContent();
    }
}

/// <summary>
/// A package on its way out. Each recording in it must still be allowed to leave for its purpose, to him who fetches it; the event is durable before the first byte; and while bytes
/// run, what may have been taken away is looked at every second.
/// </summary>
internal sealed class ExportRelease(VaultDbContext db, TenantKeys keys, SealedStore store, ReleaseCheck check, ReleaseBook book, Revocations revocations, AuditLog audit, TimeProvider time)
{
    public async Task WriteAsync(Guid id, HttpContext http, CancellationToken cancellationToken)
    {
        if (await db.PackageExports.AsNoTracking().SingleOrDefaultAsync(export => export.Id == id, cancellationToken) is not { } export)
        {
            await Problem.NotFound.WriteAsync(http);
            return;
        }

        var counter = await revocations.ReadAsync(cancellationToken);
        var asker = MemberAsker.Of(http) with { For = export.For, Processor = null };
        if (StateProblem(export) is { } over)
        {
            await over.WriteAsync(http);
            return;
        }

        if (await RefusalAsync(export, asker, tells: true, cancellationToken) is { } refusal)
        {
            await refusal.WriteAsync(http);
            return;
        }

        try
        {
            using var key = await keys.ExportKeyAsync(id, cancellationToken);
            await TellAsync(export, key, http, cancellationToken);
            http.Response.ContentType = "application/zip";
            http.Response.ContentLength = export.SizeInBytes;
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.ContentDisposition = $"attachment; filename=\"recordingvault-{id}.zip\"";
            await using var watched = new WatchedOutput(http.Response.Body, time, token => IsAllowedAsync(export, asker, counter, token));
            await store.CopyWholeAsync(key, ObjectRole.ExportPackage, export.ObjectId!.Value, watched, cancellationToken);
            // Whoever has all of it hangs up, and it is still so.
            var whole = time.Now();
            await db.PackageExports.Where(row => row.Id == id && row.FetchedWholeAt == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.FetchedWholeAt, whole), CancellationToken.None);
        }
        catch (KeyDestroyedException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await ExportProblems.Ended.WriteAsync(http);
        }
        catch (Exception fault) when (fault is SealedFormatException or ReleaseOverException)
        {
            // A part must not look like the whole: what has begun is cut off.
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            http.Response.Clear();
            await (fault is ReleaseOverException ? Problem.Forbidden : PlaybackProblems.Damaged).WriteAsync(http);
        }
    }

    private static Problem? StateProblem(PackageExport export) => export.State switch
    {
        ExportState.Ready => null,
        ExportState.Ended => ExportProblems.Ended,
        ExportState.Refused or ExportState.Failed => ExportProblems.Nothing,
        _ => ExportProblems.NotReady,
    };

    /// <summary>Why something in it may not leave any more; null where all may.</summary>
    private async Task<Problem?> RefusalAsync(PackageExport export, MemberAsker asker, bool tells, CancellationToken cancellationToken)
    {
        if (export.ExpiresAt <= time.GetUtcNow())
            return ExportProblems.Ended;
        foreach (var (recordingId, tag) in (await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == export.Id && item.IsPacked == true).OrderBy(item => item.Number).Select(item => new { item.RecordingId, item.Tag }).ToListAsync(cancellationToken)).Select(item => (item.RecordingId, item.Tag)))
        {
            var finding = await check.FindAsync(asker, recordingId, ReleasePurpose.Download, cancellationToken);
            // A tag that was changed since is in none of the files: what says the old one does not leave.
            if (finding.Verdict.IsAllowed && finding.Tag != tag)
                return ExportProblems.TagChanged;
            if (finding.Verdict.IsAllowed)
                continue;
            if (tells && finding.Recording is not null)
                await book.RefuseAsync(asker, recordingId, ReleasePurpose.Download, recipient: null, finding, cancellationToken);
            return finding.Verdict.Reasons[0];
        }

        return null;
    }

    private async Task<bool> IsAllowedAsync(PackageExport export, MemberAsker asker, long counter, CancellationToken cancellationToken) =>
        (export.ExpiresAt > time.GetUtcNow() && await revocations.ReadAsync(cancellationToken) == counter)
        || (await db.PackageExports.AnyAsync(row => row.Id == export.Id && row.State == ExportState.Ready, cancellationToken) && await RefusalAsync(export, asker, tells: false, cancellationToken) is null);

    /// <summary>What a fetch would be refused for now, told in the log as a fetch is; null where it can be fetched.</summary>
    public async Task<Problem?> RefusalOfAsync(PackageExport export, HttpContext http, CancellationToken cancellationToken) =>
        StateProblem(export) ?? await RefusalAsync(export, MemberAsker.Of(http) with { For = export.For, Processor = null }, tells: true, cancellationToken);

    private async Task TellAsync(PackageExport export, Vault.Keys.OwnerKey key, HttpContext http, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.PackageExports.Where(row => row.Id == export.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Fetches, row => row.Fetches + 1).SetProperty(row => row.FetchedAt, now), cancellationToken);
        var recordings = await db.PackageExportItems.AsNoTracking().Where(item => item.ExportId == export.Id && item.IsPacked == true).OrderBy(item => item.Number).Select(item => item.RecordingId).ToListAsync(cancellationToken);
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

/// <summary>What is being sent may not be sent any more.</summary>
internal sealed class ReleaseOverException() : Exception("The package may not be sent any more.");

/// <summary>Passes bytes on, and asks before them whether they still may leave, at most once a second.</summary>
internal sealed class WatchedOutput(Stream output, TimeProvider time, Func<CancellationToken, Task<bool>> isAllowed) : Stream
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private long lookedAt = time.GetTimestamp();

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (time.GetElapsedTime(lookedAt) >= s_look)
        {
            if (!await isAllowed(cancellationToken))
                throw new ReleaseOverException();
            lookedAt = time.GetTimestamp();
        }

        await output.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is sent asynchronously.");
}
