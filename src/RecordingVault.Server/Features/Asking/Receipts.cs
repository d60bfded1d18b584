using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Features.Asking;

/// <param name="Id">Of the receipt; /api/v1/consent-receipts/{id} has the signed document.</param>
internal sealed record ReceiptResponse(Guid Id, Guid Participant, Guid Request, DateTimeOffset CreatedAt);

internal sealed record ReceiptsResponse(IReadOnlyList<ReceiptResponse> Items);

/// <summary>The signed documents: the person's own by his link, and the organisation's by its members.</summary>
internal static class Receipts
{
    /// <summary>Of one person and request: whoever sends the same form for ever makes as many.</summary>
    private const int MostListed = 500;

    /// <summary>GET /c/{id}/receipt: by a receipt that one, by a request the newest that answers it.</summary>
    public static async Task<IResult> Own(Guid id, HttpContext http, ConsentDoor door, ReceiptReading reading, CancellationToken cancellationToken)
    {
        if (await door.VisitAsync(http, id, cancellationToken) is not { } visit)
            return Problem.NotFound.ToResult();
        var (requestId, receiptId) = (visit.Request.Id, visit.Found.Receipt?.Id);
        return await reading.FindAsync(receipt => receipt.RequestId == requestId && (receiptId == null || receipt.Id == receiptId), visit.Actor, cancellationToken) is { } document
            ? File(document)
            : Problem.NotFound.ToResult();
    }

    /// <summary>GET /api/v1/recordings/{id}/consent-receipts: the newest first.</summary>
    public static async Task<Results<Ok<ReceiptsResponse>, ProblemHttpResult>> List(Guid id, VaultDbContext db, CancellationToken cancellationToken)
    {
        if (!await db.Recordings.AnyAsync(recording => recording.Id == id && !recording.IsBeingDestroyed, cancellationToken))
            return Problem.NotFound.ToResult();
        return TypedResults.Ok(new ReceiptsResponse(await db.ConsentReceipts.AsNoTracking().Where(receipt => receipt.RecordingId == id).OrderByDescending(receipt => receipt.CreatedAt).ThenBy(receipt => receipt.Id)
            .Take(MostListed).Select(receipt => new ReceiptResponse(receipt.Id, receipt.ParticipantId, receipt.RequestId, receipt.CreatedAt)).ToListAsync(cancellationToken)));
    }

    /// <summary>GET /api/v1/consent-receipts/{id}: a look at evidence, so the log keeps who looked.</summary>
    public static async Task<IResult> Read(Guid id, HttpContext http, ReceiptReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(receipt => receipt.Id == id, http.Actor(), cancellationToken) is { } document ? File(document) : Problem.NotFound.ToResult();

    private static Microsoft.AspNetCore.Http.HttpResults.FileContentHttpResult File(byte[] document) => TypedResults.File(document, "application/json", "consent-receipt.json");

    internal sealed class ReceiptReading(VaultDbContext db, TenantKeys keys, AuditLog audit)
    {
        /// <summary>Null where there is none. The event is durable before the document is given out.</summary>
        public async Task<byte[]?> FindAsync(System.Linq.Expressions.Expression<Func<ConsentReceipt, bool>> which, Actor actor, CancellationToken cancellationToken)
        {
            if (await db.ConsentReceipts.AsNoTracking().Where(which).Where(receipt => db.Recordings.Any(recording => recording.Id == receipt.RecordingId && !recording.IsBeingDestroyed))
                .OrderByDescending(receipt => receipt.CreatedAt).FirstOrDefaultAsync(cancellationToken) is not { } receipt)
                return null;
            using var key = await keys.RecordingKeyAsync(receipt.RecordingId, cancellationToken);
            var document = receipt.Document.Open(key, receipt.TenantId, receipt.Id, ConsentReceipt.DocumentColumn);
            await audit.WriteAsync(new AuditEntry("consent.receipt-read", actor, AuditTargetKind.Recording, receipt.RecordingId) { Decrypted = true, Fields = [("receipt", $"{receipt.Id}")] }, cancellationToken);
            return System.Text.Encoding.UTF8.GetBytes(document);
        }
    }
}
