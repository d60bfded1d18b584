using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Emptying;

/// <summary>
/// The page that says what will be destroyed, one recording or all that it lists, and the form that does it. The form names each recording that was shown: what came into the
/// trash since then stays there.
/// </summary>
internal static class EmptyTrash
{
    public const string Path = "/trash/empty";
    private const int OnPage = 200;

    /// <param name="recording">The only one that is meant; null for all.</param>
    public static async Task<IResult> Show(
        Guid? recording, HttpContext http, VaultDbContext db, RecordingReading reading, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return SignInFirst(recording);
        var trashed = db.Recordings.AsNoTracking().Where(row => row.TrashedAt != null && !row.IsBeingDestroyed && (recording == null || row.Id == recording));
        var rows = await trashed.OrderBy(row => row.TrashedAt).ThenBy(row => row.Id).Take(OnPage).ToListAsync(cancellationToken);
        if (recording is not null && rows.Count == 0)
            return new NoSuchPage();
        var opened = await reading.OpenAsync(rows, cancellationToken);
        return PageAnswers.Page<EmptyTrashPage>(new EmptyTrashPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Recordings = [.. opened.Select(one => new TrashedRecording(one.Id, one.Title, one.TrashedAt!.Value, one.GoesAt!.Value, one.SizeInBytes))],
            More = await trashed.CountAsync(cancellationToken) - rows.Count,
        });
    }

    public static async Task<IResult> Handle(HttpContext http, TrashEmptying emptying, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return SignInFirst(null);
        var chosen = form.All("recording").Select(text => Guid.TryParseExact(text, "D", out var id) ? id : (Guid?)null).Distinct().ToList();
        if (chosen.Count > OnPage || chosen.Contains(null))
            return Problem.Invalid("recording", $"name up to {OnPage} recordings by their ids.").ToResult();
        // One by one: what was taken out meanwhile, or is gone, is nobody's mistake here.
        foreach (var id in chosen.OfType<Guid>())
            await emptying.DestroyAsync(id, http.Actor(), cancellationToken);
        return TypedResults.LocalRedirect("/trash");
    }

    private static RedirectHttpResult SignInFirst(Guid? recording) => TypedResults.LocalRedirect(FreshSignIn.PageBefore(recording is { } id ? $"{Path}?recording={id}" : Path));
}

/// <summary>GET /trash/empty.</summary>
public sealed record EmptyTrashPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>What the button destroys.</summary>
    public required IReadOnlyList<TrashedRecording> Recordings { get; init; }

    /// <summary>How many lie in the trash beyond those.</summary>
    public int More { get; init; }
}
