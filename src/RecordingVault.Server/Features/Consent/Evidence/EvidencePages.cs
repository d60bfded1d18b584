using RecordingVault.Server.Features.Consent.Policy;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Consent.Evidence;

/// <summary>GET /settings/organisation/consent/evidence, and the form that destroys one file of it: what was kept beyond the recordings that it was given for.</summary>
internal sealed class EvidencePages(EvidenceReading reading, PageFrames frames)
{
    public const string Path = ConsentPolicyPages.Path + "/evidence";

    private const int PageLength = 50;

    /// <summary>A cursor that is none of this list leads to its beginning.</summary>
    public static async Task<IResult> Show(string? cursor, HttpContext http, EvidencePages pages, CancellationToken cancellationToken) =>
        await pages.ModelAsync(cursor, http, cancellationToken) is { } model ? PageAnswers.Page<EvidencePage>(model) : TypedResults.LocalRedirect(Path);

    public static async Task<IResult> Destroy(Guid id, HttpContext http, EvidenceEnding ending, CancellationToken cancellationToken) =>
        await ending.DestroyAsync(id, http.Actor(), cancellationToken) switch
        {
            null => TypedResults.LocalRedirect(Path),
            var refusal when refusal == Problem.NotFound => new NoSuchPage(),
            var refusal => refusal.ToResult(),
        };

    private async Task<EvidencePageModel?> ModelAsync(string? cursor, HttpContext http, CancellationToken cancellationToken) =>
        await reading.AlonePageAsync(PageLength, cursor, cancellationToken) is not { } page ? null : new EvidencePageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Files = [.. page.Items.Select(file => new LoneFile(file.Id, file.Name, file.SizeInBytes, file.About.Person, file.About.Said.Count, file.AddedAt, file.KeptUntil))],
            EarlierCursor = page.NextCursor,
            IsNewest = cursor is null,
        };
}
