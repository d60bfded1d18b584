using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Uploads.Sample;

/// <summary>POST /recordings/sample: a first recording for an empty library, to look around with. It is one like any other: sealed, processed, shared and deleted the same way.</summary>
internal static class MakeSample
{
    public const string Path = "/recordings/sample";

    public static readonly Problem NotEmpty = new("library-not-empty", 409, "There are recordings already. The sample is for an empty library only.");

    public static async Task<IResult> Handle(HttpContext http, SampleRecording sample, CancellationToken cancellationToken) =>
        await sample.MakeAsync(http.User.MemberId(), http.Actor(), cancellationToken) is { } id ? TypedResults.LocalRedirect($"/recordings/{id}") : NotEmpty.ToResult();

    /// <summary>Makes the recording of the film and captions that the program carries.</summary>
    internal sealed class SampleRecording(VaultDbContext db, RecordingCreation creation, ManifestChanges manifests, AuditLog audit, SealedStore store, JobQueue jobs)
    {
        private const string Title = "A sample recording";

        /// <returns>Its id; null where the library is not empty.</returns>
        public async Task<Guid?> MakeAsync(Guid memberId, Actor actor, CancellationToken cancellationToken)
        {
            // Looked at once before a key is put for nothing, and once more where it counts.
            if (await HoldsAnyAsync(cancellationToken))
                return null;
            using var seed = await creation.PrepareAsync(cancellationToken);
            if (!await TryAddAsync(seed, memberId, actor, cancellationToken))
            {
                await creation.ForgetAsync(seed, cancellationToken);
                return null;
            }

            // Its row stands from here on: what follows is finished whether or not somebody still waits for the answer.
            await manifests.AddAsync(
                seed.Id,
                [
                    await PutAsync(seed, ObjectRole.OriginalSegment, "video/mp4", "sample.mp4"),
                    await PutAsync(seed, ObjectRole.Captions, TextContent.WebVtt, "sample.vtt") with { Language = "eng" },
                ],
                seed.Key, actor, () => Task.CompletedTask, CancellationToken.None);
            jobs.Nudge<LayoutJob>(db.TenantId, seed.Id);
            jobs.Nudge<ProcessJob>(db.TenantId, seed.Id);
            jobs.Nudge<WordsJob>(db.TenantId, seed.Id);
            jobs.Nudge<MarksJob>(db.TenantId, seed.Id);
            jobs.Nudge<DigestJob>(db.TenantId, seed.Id);
            return seed.Id;
        }

        private Task<bool> HoldsAnyAsync(CancellationToken cancellationToken) =>
            db.Recordings.AnyAsync(recording => recording.TrashedAt == null && !recording.IsBeingDestroyed, cancellationToken);

        /// <summary>Asked for twice at the same moment, it is made once: whoever makes a recording takes the tenant's turn.</summary>
        private async Task<bool> TryAddAsync(RecordingSeed seed, Guid memberId, Actor actor, CancellationToken cancellationToken)
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await audit.TakeTurnAsync(cancellationToken);
            if (await HoldsAnyAsync(cancellationToken))
                return false;
            await creation.AddAsync(seed, new NewRecording(Title, null, []), memberId, actor, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }

        private async Task<NewAsset> PutAsync(RecordingSeed seed, ObjectRole role, string mediaType, string file)
        {
            await using var content = typeof(SampleRecording).Assembly.GetManifestResourceStream($"{typeof(MakeSample).Namespace}.{file}") ?? throw new InvalidOperationException($"The program carries no {file}.");
            return new NewAsset(await store.PutAssetAsync(seed.Key, Guid.CreateVersion7(), role, mediaType, content, CancellationToken.None)) { FileName = file };
        }
    }
}
