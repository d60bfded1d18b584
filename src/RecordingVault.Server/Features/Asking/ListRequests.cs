using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Asking;

/// <summary>GET /api/v1/recordings/{id}/consent-requests: who was asked, the newest first.</summary>
internal static class ListRequests
{
    public static async Task<Results<Ok<PageResponse<RequestResponse>>, ProblemHttpResult>> Handle(
        Guid id, int? limit, string? cursor, HttpRequest http, VaultDbContext db, RequestReading reading, Cursors cursors, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound.ToResult();
        var list = $"consent-requests/{id}";
        var query = db.ConsentRequests.AsNoTracking().Where(request => request.RecordingId == id);
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryRead(list, db.TenantId, cursor, out var after))
                return Cursors.Wrong().ToResult();
            query = query.Behind(after);
        }

        var length = limit ?? Cursors.DefaultLimit;
        var rows = await query.NewestFirst().Take(length + 1).ToListAsync(cancellationToken);
        var items = await reading.OpenAsync(http, [.. rows.Take(length)], cancellationToken);
        return TypedResults.Ok(new PageResponse<RequestResponse>(items, rows.Count > length ? cursors.Write(list, db.TenantId, rows[length - 1].Place()) : null));
    }
}

/// <summary>DELETE /api/v1/consent-requests/{id}, and the form that does the same: nobody answers it any more, or watches by it. What was answered stays, and so do its receipts.</summary>
internal static class StopRequest
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, HttpContext http, RequestStopping stopping, CancellationToken cancellationToken) =>
        await stopping.StopAsync(id, http.Actor(), cancellationToken) is null ? Problem.NotFound.ToResult() : TypedResults.NoContent();

    public static async Task<IResult> HandleForm(Guid id, HttpContext http, RequestStopping stopping, CancellationToken cancellationToken) =>
        await stopping.StopAsync(id, http.Actor(), cancellationToken) is { } recordingId ? TypedResults.LocalRedirect($"/recordings/{recordingId}/ask") : new Platform.Pages.NoSuchPage();

    internal sealed class RequestStopping(VaultDbContext db, AuditLog audit, TimeProvider time)
    {
        /// <returns>The recording that it asked about; null where there is no such request.</returns>
        public async Task<Guid?> StopAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (await db.ConsentRequests.SingleOrDefaultAsync(request => request.Id == id, cancellationToken) is not { } found)
                return null;
            if (found.StoppedAt is null)
                await StopWithinAsync(found, actor, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return found.RecordingId;
        }

        /// <summary>In the running transaction, which has the tenant's lock; the caller saves and commits. What runs by it is cut.</summary>
        public async Task StopWithinAsync(ConsentRequest request, Actor actor, CancellationToken cancellationToken)
        {
            request.StoppedAt = time.Now();
            await audit.AppendAsync(
                new AuditEntry("consent.asking-stopped", actor, AuditTargetKind.Recording, request.RecordingId) { ChangesPermission = true, Fields = [("participant", $"{request.ParticipantId}")] }, cancellationToken);
        }
    }
}
