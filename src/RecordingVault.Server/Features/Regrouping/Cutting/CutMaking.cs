using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Processing;
using RecordingVault.Server.Features.Processing.Editing;
using RecordingVault.Server.Features.Processing.Laying;
using RecordingVault.Server.Features.Processing.Media;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Uploads.Receiving;
using RecordingVault.Server.Platform.Jobs;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>The copy is not to be; what it says is our word for why.</summary>
internal sealed class CutGivenUpException(string reason) : Exception("The copy is not to be: " + reason)
{
    public string Reason => reason;
}

/// <summary>
/// Makes a copy without spans: the film encoded anew and its texts without what was said there, sealed under the copy's own key, and one transaction that names them all.
/// Until then the copy holds nothing. Killed anywhere, the next run begins anew, and a sweep takes what was left. The original is only read.
/// </summary>
internal sealed class CutMaking(
    VaultDbContext db, TenantKeys keys, SealedStore store, MediaSandbox sandbox, EditMaking media, ManifestChanges manifests, CutRows rows, UploadRoom room, CutJoining joining, CutEnding ending, WorkPulse pulse, JobQueue jobs)
{
    private const string TextType = "text/vtt";
    private static readonly ObjectRole[] s_texts = [ObjectRole.Captions, ObjectRole.Transcript, ObjectRole.Chat];

    public async Task RunAsync(Guid cutId, CancellationToken cancellationToken)
    {
        if (!await sandbox.IsOnAsync() || await rows.ClaimAsync(cutId, cancellationToken) is not { } claim)
            return;
        string? why = null;
        try
        {
            var percent = () => 0;
            await pulse.DuringAsync(
                claim.Cut.TenantId, (services, token) => services.GetRequiredService<CutRows>().ProgressAsync(claim, percent(), token),
                () => MakeAsync(claim, told => percent = told, cancellationToken), cancellationToken);
        }
        catch (CutGivenUpException over)
        {
            why = over.Reason;
        }
        catch (MediaFailedException failed)
        {
            why = failed.Failure.Slug();
        }
        catch (SealedFormatException)
        {
            why = "damaged"; // whoever plays or verifies the original is told of the damage
        }
        catch (Exception gone) when (gone is RecordingGoneException or KeyDestroyedException)
        {
            why = "gone";
        }
        catch (ClaimLostException)
        {
            return; // nothing was heard of this worker for a minute, and another one is at it
        }
        catch
        {
            // The machine's fault, or the end of this process: the row says so and a sweep comes back to it.
            await rows.ReleaseAsync(claim, isStopped: cancellationToken.IsCancellationRequested, CancellationToken.None);
            throw;
        }

        if (why is not null)
            await ending.GiveUpAsync(claim, why, cancellationToken);
    }

    private async Task MakeAsync(CutClaim claim, Action<Func<int>> tell, CancellationToken cancellationToken)
    {
        var cut = claim.Cut;
        var from = await joining.RequireAsync(cut, cancellationToken);
        using var oldKey = await keys.RecordingKeyAsync(cut.FromId, cancellationToken);
        using var newKey = await keys.RecordingKeyAsync(cut.ToId, cancellationToken);
        var bound = (await store.OpenManifestAsync(oldKey, from.Manifest!, cancellationToken)).Assets;
        if (bound.SingleOrDefault(asset => asset.Id == cut.AssetId) is not { } original)
            throw new CutGivenUpException("moved");
        var spans = EditSpans.Read(cut.Spans);
        var row = await db.AssetProcessings.AsNoTracking().SingleOrDefaultAsync(row => row.Id == cut.AssetId, cancellationToken);
        var film = await media.EncodeAsync(oldKey, original, row?.DurationSeconds, spans, newKey, await room.LeftByRowsAsync(cancellationToken), tell, cancellationToken);
        List<NewAsset> made = [new NewAsset(film)];
        var leftOut = bound.Count(asset => asset.Role == ObjectRole.OriginalSegment) - 1;
        foreach (var text in await TextsAsync(cut.FromId, cancellationToken))
        {
            // What was taken out of another film goes by that film's clock.
            if ((text.DerivedFrom is null || text.DerivedFrom == cut.AssetId) && bound.SingleOrDefault(asset => asset.Id == text.Id) is { } stored && CutTexts.Cut(await media.ReadTextAsync(oldKey, stored, cancellationToken), spans) is { } words)
                made.Add(new NewAsset(await store.PutAssetAsync(newKey, Guid.CreateVersion7(), text.Role, TextType, new MemoryStream(Encoding.UTF8.GetBytes(words)), cancellationToken)) { Language = text.Language });
            else
                leftOut++;
        }

        var chapters = row?.Chapters?.Open(oldKey, cut.TenantId, row.Id, AssetProcessing.ChaptersColumn) is { } told
            ? CutTexts.Cut(JsonSerializer.Deserialize<IReadOnlyList<RecordingChapter>>(told, JsonSerializerOptions.Web)!, spans) : [];
        try
        {
            await manifests.AddAsync(
                cut.ToId, made, newKey, Actor.System,
                () => joining.JoinAsync(new CutResult(claim, film.Id, chapters, leftOut), oldKey, newKey, cancellationToken), cancellationToken);
        }
        catch (Exception lost) when (lost is ClaimLostException or CutGivenUpException or RecordingGoneException)
        {
            foreach (var (role, segment) in made.SelectMany(one => one.Asset.Segments.Select(segment => (one.Asset.Role, segment))))
                await store.DeleteSegmentAsync(cut.TenantId, cut.ToId, role, segment.ObjectId, cancellationToken);
            throw;
        }

        NudgeAll(cut);
    }

    private Task<List<RecordingAsset>> TextsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        db.RecordingAssets.AsNoTracking().Where(asset => asset.RecordingId == recordingId && s_texts.Contains(asset.Role)).OrderBy(asset => asset.Id).ToListAsync(cancellationToken);

    private void NudgeAll(RecordingCut cut)
    {
        jobs.Nudge<LayoutJob>(cut.TenantId, cut.ToId);
        jobs.Nudge<ProcessJob>(cut.TenantId, cut.ToId);
        jobs.Nudge<WordsJob>(cut.TenantId, cut.ToId);
        jobs.Nudge<MarksJob>(cut.TenantId, cut.ToId);
        jobs.Nudge<DigestJob>(cut.TenantId, cut.ToId);
    }
}
