using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Export.Packages;

/// <param name="Recordings">One, or several that become a bundle.</param>
/// <param name="Purpose">What they are handed out for.</param>
/// <param name="Recipient">To whom, by name.</param>
/// <param name="Format">package, or absent.</param>
/// <param name="LicensedUntil">When the licence in the package ends; absent: in a year.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ExportRequest(IReadOnlyList<Guid>? Recordings, string? Purpose, string? Recipient, string? Format, DateTimeOffset? LicensedUntil);

/// <summary>POST /api/v1/exports.</summary>
internal static class PostExport
{
    public static async Task<Results<Accepted<ExportResponse>, ProblemHttpResult>> Handle(ExportRequest request, HttpContext http, ExportOrdering ordering, ExportReading reading, CancellationToken cancellationToken)
    {
        var (id, refusal) = await ordering.OrderAsync(request, http, cancellationToken);
        return refusal is not null ? refusal.ToResult() : TypedResults.Accepted($"/api/v1/exports/{id}", (await reading.FindAsync(id, cancellationToken))!);
    }
}

/// <summary>
/// Takes a wish. The gate's rules are asked for each recording at once, so that a refusal is answered and told in the log right away; they are asked again when the package is
/// built, and when it is fetched.
/// </summary>
internal sealed class ExportOrdering(VaultDbContext db, TenantKeys keys, ReleaseCheck check, ReleaseBook book, AuditLog audit, JobQueue queue, TimeProvider time)
{
    public const int MostRecordings = 50;
    public const int LongestRecipient = 200;

    /// <summary>Of one organisation at once: a package reads whole recordings, and lies as long as they are.</summary>
    public const int MostBuilding = 20;
    public const int MostKept = 200;
    private static readonly TimeSpan s_usualLicence = TimeSpan.FromDays(365);
    private static readonly TimeSpan s_longestLicence = TimeSpan.FromDays(3660);

    /// <returns>The export's id, or why there is none.</returns>
    public async Task<(Guid Id, Problem? Refusal)> OrderAsync(ExportRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        var now = time.Now();
        if (Wrong(request, now) is { } wrong)
            return (default, wrong);
        var (purpose, recipient) = (Purposes.Parse(request.Purpose), request.Recipient!.Trim());
        var asker = MemberAsker.Of(http) with { For = purpose, Processor = null };
        List<PackageExportItem> items = [];
        var export = new PackageExport
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            For = purpose,
            Recipient = default,
            MemberId = asker.MemberId,
            SessionId = asker.SessionId,
            TokenId = asker.TokenId,
            CreatedAt = now,
            ExpiresAt = now + PackageExport.KeptFor,
            LicensedUntil = request.LicensedUntil?.ToUniversalTime() ?? now + s_usualLicence,
            State = ExportState.Waiting,
        };
        List<Problem> refusals = [];
        foreach (var recordingId in request.Recordings!)
        {
            var finding = await check.FindAsync(asker, recordingId, ReleasePurpose.Download, cancellationToken);
            if (finding.Recording is null)
                return (default, Problem.NotFound);
            var reason = finding.Verdict.Reasons is [var telling, ..] ? telling : null;
            if (reason is not null)
            {
                refusals.Add(reason);
                if (reason.Slug is not ("not-ready" or "not-found"))
                    await book.RefuseAsync(asker, recordingId, ReleasePurpose.Download, recipient, finding, cancellationToken);
            }

            items.Add(new PackageExportItem { TenantId = db.TenantId, ExportId = export.Id, RecordingId = recordingId, Number = items.Count + 1, IsPacked = reason is null ? null : false, Reason = reason?.Slug, Sentence = reason?.Title });
        }

        if (refusals.Count == items.Count)
            return (default, refusals[0]);
        return await AddAsync(export, items, recipient, http, cancellationToken);
    }

    private async Task<(Guid Id, Problem? Refusal)> AddAsync(PackageExport export, List<PackageExportItem> items, string recipient, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (await db.PackageExports.CountAsync(row => row.State == ExportState.Waiting || row.State == ExportState.Building, cancellationToken) >= MostBuilding
            || await db.PackageExports.CountAsync(row => row.State == ExportState.Ready, cancellationToken) >= MostKept)
            return (default, ExportProblems.TooMany);
        using var key = await keys.NewExportKeyAsync(export.Id, cancellationToken);
        export.Recipient = SealedText.Seal(key, db.TenantId, export.Id, PackageExport.RecipientColumn, recipient);
        db.PackageExports.Add(export);
        db.PackageExportItems.AddRange(items);
        await audit.AppendAsync(new AuditEntry("export.asked", http.Actor(), AuditTargetKind.Tenant, db.TenantId)
        {
            Fields = [("export", export.Id.ToString()), ("recipient", recipient), ("for", export.For.Name()), ("recordings", string.Join(' ', items.Select(item => item.RecordingId)))],
        }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        queue.Nudge<BuildExportJob>(db.TenantId, export.Id);
        return (export.Id, null);
    }

    private static Problem? Wrong(ExportRequest request, DateTimeOffset now)
    {
        if (request.Recordings is not { Count: > 0 and <= MostRecordings } || request.Recordings.Distinct().Count() != request.Recordings.Count)
            return Problem.Invalid("recordings", $"name 1 to {MostRecordings} recordings by their ids, each once.");
        if (request.Format is not (null or "package"))
            return Problem.Invalid("format", "there is one: package.");
        if (request.Recipient?.Trim() is not { Length: > 0 and <= LongestRecipient } name || name.Any(char.IsControl))
            return Problem.Invalid("recipient", $"name whom it is for, in 1 to {LongestRecipient} letters on one line.");
        if (Purposes.Parse(request.Purpose) is Purpose.Unknown)
            return Problem.Invalid("purpose", $"state one of {string.Join(", ", Purposes.Stated.Select(purpose => purpose.Name()))}.");
        return request.LicensedUntil is { } until && (until <= now || until > now + s_longestLicence) ? Problem.Invalid("licensedUntil", "name a time to come, at most ten years away.") : null;
    }
}
