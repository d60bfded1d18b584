using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>The addresses of evidence that answer with words about it; <see cref="FetchEvidence"/> has the file.</summary>
internal static class AddEvidence
{
    /// <summary>Bytes: what is a little too long is read to its end and refused with the reason, where a cut connection would say none.</summary>
    private const int ReadOver = 64 * 1024;

    private static readonly TimeSpan s_longestKept = TimeSpan.FromDays(366 * 30);

    /// <summary>POST /api/v1/recordings/{id}/consent-evidence?records={id}&amp;records={id}&amp;keptUntil={time}: the body is the file, and Content-Disposition says what it is called.</summary>
    public static async Task<Results<Created<EvidenceResponse>, ProblemHttpResult>> Handle(
        Guid id, [FromQuery] Guid[]? records, DateTimeOffset? keptUntil, HttpContext http, VaultDbContext db, ConsentReading consents, EvidenceIntake intake, EvidenceReading reading, TimeProvider time, CancellationToken cancellationToken)
    {
        // Another tenant's recording is not there, whatever is sent.
        if (!await consents.IsThereAsync(id, cancellationToken))
            return Problem.NotFound.ToResult();
        if (records is not { Length: > 0 and <= EvidenceIntake.MostRecords })
            return EvidenceProblems.NoRecords.ToResult();
        if (keptUntil is { } until && (until <= time.Now() || until > time.Now() + s_longestKept))
            return EvidenceProblems.KeptUntil.ToResult();
        if (EvidenceNames.Read(http.Request) is not { } name)
            return EvidenceProblems.Name.ToResult();
        if (http.Request.ContentLength > EvidenceStream.MostBytes)
            return EvidenceProblems.TooLarge.ToResult();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = EvidenceStream.MostBytes + ReadOver;
        var (made, refusal) = await intake.AddAsync(new NewEvidence(id, [.. records.Distinct()], name, keptUntil?.ToUniversalTime()), http.Request.Body, http.Actor(), cancellationToken);
        if (refusal is not null)
            return refusal.ToResult();
        var opened = await reading.OpenAsync(await db.Evidence().Where(row => row.Id == made).ToListAsync(cancellationToken), cancellationToken);
        return opened is [var one] ? TypedResults.Created($"/api/v1/consent-evidence/{made}/download", one) : Problem.NotFound.ToResult();
    }

    /// <summary>GET /api/v1/recordings/{id}/consent-evidence.</summary>
    public static async Task<Results<Ok<EvidenceListResponse>, ProblemHttpResult>> List(Guid id, ConsentReading consents, EvidenceReading reading, CancellationToken cancellationToken) =>
        await consents.IsThereAsync(id, cancellationToken) ? TypedResults.Ok(new EvidenceListResponse(await reading.OfRecordingAsync(id, cancellationToken))) : Problem.NotFound.ToResult();

    /// <summary>GET /api/v1/consent-evidence: what has outlived its recording.</summary>
    public static async Task<Results<Ok<PageResponse<EvidenceResponse>>, ProblemHttpResult>> ListAlone(int? limit, string? cursor, EvidenceReading reading, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        return await reading.AlonePageAsync(limit ?? Cursors.DefaultLimit, cursor, cancellationToken) is { } page ? TypedResults.Ok(page) : Cursors.Wrong().ToResult();
    }

    /// <summary>DELETE /api/v1/consent-evidence/{id}: a file that should not have been taken.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Destroy(Guid id, HttpContext http, EvidenceEnding ending, CancellationToken cancellationToken) =>
        await ending.DestroyAsync(id, http.Actor(), cancellationToken) is { } refusal ? refusal.ToResult() : TypedResults.NoContent();
}
