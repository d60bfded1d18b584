using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings;

internal sealed record CreateRecordingRequest(string? Title, DateTimeOffset? RecordedAt, IReadOnlyList<PersonRequest?>? Participants);

internal static class CreateRecording
{
    public static async Task<Results<Created<RecordingResponse>, ProblemHttpResult>> Handle(
        CreateRecordingRequest request, HttpContext http, VaultDbContext db, RecordingCreation creation, RecordingReading reading, JobQueue jobs,
        CancellationToken cancellationToken)
    {
        var wanted = new NewRecording(request.Title ?? "", request.RecordedAt, request.Participants ?? []);
        if (wanted.Check() is { } wrong)
            return wrong.ToResult();

        using var seed = await creation.PrepareAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var recording = await creation.AddAsync(seed, wanted, http.User.MemberId(), http.Actor(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        jobs.Nudge<WriteCardJob>(recording.TenantId, recording.Id);

        var response = (await reading.OpenAsync([recording], cancellationToken))[0];
        return TypedResults.Created($"/api/v1/recordings/{recording.Id}", response);
    }
}
