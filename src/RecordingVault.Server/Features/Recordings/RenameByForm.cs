using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

/// <summary>The title's form for browsers without scripts; it leads back to the recording.</summary>
internal static class RenameByForm
{
    public static async Task<IResult> Handle(
        Guid id, [FromForm] string? title, HttpContext http, VaultDbContext db, ChangeRecording.RecordingChange change, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Recordings.SingleOrDefaultAsync(recording => recording.Id == id, cancellationToken) is not { } recording)
            return new NoSuchPage();
        if (NewRecording.CheckTitle(title ?? "") is { } wrong)
            return wrong.ToResult();
        await change.ApplyAsync(recording, new ChangeRecordingRequest(title, null, null), http.Actor(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.LocalRedirect($"/recordings/{id}");
    }
}
