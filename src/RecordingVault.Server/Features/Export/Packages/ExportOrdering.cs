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

/// <summary>What the gate says of one recording that was asked for.</summary>
internal sealed record LookedAt(Guid RecordingId, ReleaseFinding Finding)
{
    /// <summary>The most telling one first; empty where it may leave.</summary>
    public IReadOnlyList<Problem> Reasons => Finding.Verdict.Reasons;
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
    public static readonly TimeSpan UsualLicence = TimeSpan.FromDays(365);
    private static readonly TimeSpan s_longestLicence = TimeSpan.FromDays(3660);

    /// <returns>The export's id, or why there is none.</returns>
    public async Task<(Guid Id, Problem? Refusal)> OrderAsync(ExportRequest request, HttpContext http, CancellationToken cancellationToken)
    {
        if (Check(request, time.Now()) is { } wrong)
            return (default, wrong);
        if (await LookAsync(Asker(request, http), request.Recordings!, request.Recipient!.Trim(), cancellationToken) is not { } looked)
            return (default, Problem.NotFound);
        return looked.All(one => one.Reasons.Count > 0) ? (default, looked[0].Reasons[0]) : await OrderAsync(request, http, looked, cancellationToken);
    }

    /// <summary>What was looked at and may leave becomes a package; the others are named in it.</summary>
    public Task<(Guid Id, Problem? Refusal)> OrderAsync(ExportRequest request, HttpContext http, IReadOnlyList<LookedAt> looked, CancellationToken cancellationToken)
    {
        var asker = Asker(request, http);
        return AddAsync(NewExport(asker, request.LicensedUntil?.ToUniversalTime() ?? time.Now() + UsualLicence), asker.Actor, looked, request.Recipient!.Trim(), still: null, cancellationToken);
    }

    public PackageExport NewExport(MemberAsker asker, DateTimeOffset licensedUntil)
    {
        var now = time.Now();
        return new PackageExport
        {
            TenantId = db.TenantId,
            Id = Guid.CreateVersion7(),
            For = asker.For,
            Recipient = default,
            MemberId = asker.MemberId,
            SessionId = asker.SessionId,
            TokenId = asker.TokenId,
            CreatedAt = now,
            ExpiresAt = now + PackageExport.KeptFor,
            LicensedUntil = licensedUntil,
            State = ExportState.Waiting,
        };
    }

    public static MemberAsker Asker(ExportRequest request, HttpContext http) => MemberAsker.Of(http) with { For = Purposes.Parse(request.Purpose), Processor = null };

    /// <summary>Asks the gate of each, and tells the log what it refuses; null where one of them is not there.</summary>
    public async Task<IReadOnlyList<LookedAt>?> LookAsync(MemberAsker asker, IReadOnlyList<Guid> recordings, string recipient, CancellationToken cancellationToken)
    {
        List<LookedAt> looked = [];
        foreach (var recordingId in recordings)
        {
            var finding = await check.FindAsync(asker, recordingId, ReleasePurpose.Download, cancellationToken);
            if (finding.Recording is null)
                return null;
            if (finding.Verdict.Reasons is [{ Slug: not ("not-ready" or "not-found") }, ..])
                await book.RefuseAsync(asker, recordingId, ReleasePurpose.Download, recipient, finding, cancellationToken);
            looked.Add(new LookedAt(recordingId, finding));
        }

        return looked;
    }

    /// <summary>Whether as many packages are being built, or wait to be fetched, as the vault keeps at once.</summary>
    public async Task<bool> IsFullAsync(CancellationToken cancellationToken) =>
        await db.PackageExports.CountAsync(row => row.State == ExportState.Waiting || row.State == ExportState.Building, cancellationToken) >= MostBuilding
            || await db.PackageExports.CountAsync(row => row.State == ExportState.Ready && row.FetchedWholeAt == null, cancellationToken) >= MostKept;

    /// <summary>Writes it down, with what the gate said of each; where nothing of it may leave, as one that is over already.</summary>
    /// <param name="still">Asked in the tenant's turn, just before: whether it is wanted still. Null where somebody has just asked.</param>
    public async Task<(Guid Id, Problem? Refusal)> AddAsync(PackageExport export, Actor actor, IReadOnlyList<LookedAt> looked, string recipient, Func<Task<bool>>? still, CancellationToken cancellationToken)
    {
        var items = looked.Select((one, index) => new PackageExportItem
        {
            TenantId = db.TenantId,
            ExportId = export.Id,
            RecordingId = one.RecordingId,
            Number = index + 1,
            IsPacked = one.Reasons.Count == 0 ? null : false,
            Reason = one.Reasons.Count == 0 ? null : one.Reasons[0].Slug,
            Sentence = one.Reasons.Count == 0 ? null : one.Reasons[0].Title,
        }).ToList();
        if (items.TrueForAll(item => item.IsPacked is false))
            export.State = ExportState.Refused;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        if (still is not null && !await still())
            return (default, ExportProblems.Ended);
        if (await IsFullAsync(cancellationToken))
            return (default, ExportProblems.TooMany);
        using var key = await keys.NewExportKeyAsync(export.Id, cancellationToken);
        export.Recipient = SealedText.Seal(key, db.TenantId, export.Id, PackageExport.RecipientColumn, recipient);
        db.PackageExports.Add(export);
        db.PackageExportItems.AddRange(items);
        await audit.AppendAsync(new AuditEntry("export.asked", actor, AuditTargetKind.Tenant, db.TenantId)
        {
            Fields = [("export", export.Id.ToString()), ("recipient", recipient), ("for", export.For.Name()), ("recordings", string.Join(' ', items.Select(item => item.RecordingId)))],
        }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (export.State is ExportState.Waiting)
            queue.Nudge<BuildExportJob>(db.TenantId, export.Id);
        return (export.Id, null);
    }

    /// <summary>What is wrong with a wish, by the name of its member; null where nothing is.</summary>
    public static Problem? Check(ExportRequest request, DateTimeOffset now)
    {
        if (request.Recordings is not { Count: > 0 and <= MostRecordings } || request.Recordings.Distinct().Count() != request.Recordings.Count)
            return Problem.Invalid("recordings", $"name 1 to {MostRecordings} recordings by their ids, each once.");
        if (request.Format is not (null or "package"))
            return Problem.Invalid("format", "there is one: package.");
        return CheckTerms(request.Purpose, request.Recipient, request.LicensedUntil, now);
    }

    public static Problem? CheckTerms(string? purpose, string? recipient, DateTimeOffset? licensedUntil, DateTimeOffset now)
    {
        if (recipient?.Trim() is not { Length: > 0 and <= LongestRecipient } name || name.Any(char.IsControl))
            return Problem.Invalid("recipient", $"name whom it is for, in 1 to {LongestRecipient} letters on one line.");
        if (Purposes.Parse(purpose) is Purpose.Unknown)
            return Problem.Invalid("purpose", $"state one of {string.Join(", ", Purposes.Stated.Select(known => known.Name()))}.");
        return licensedUntil is { } until && (until <= now || until > now + s_longestLicence) ? Problem.Invalid("licensedUntil", "name a time to come, at most ten years away.") : null;
    }
}
