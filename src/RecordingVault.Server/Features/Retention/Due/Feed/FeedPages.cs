using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Due.Feed;

/// <summary>GET /retention/calendar: the reader's own calendar addresses, and the form that makes one.</summary>
public sealed record FeedPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>Those that work, the newest first.</summary>
    public required IReadOnlyList<FeedLine> Feeds { get; init; }

    /// <summary>The address that every calendar program is given.</summary>
    public required string Address { get; init; }

    public required bool MayMake { get; init; }

    /// <summary>Filled on the one page that shows it.</summary>
    public MadeFeed? Made { get; init; }

    /// <summary>Why none was made.</summary>
    public string? Error { get; init; }
}

public sealed record FeedLine(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

internal sealed class FeedPages(FeedMaking making, PageFrames frames, PublicAddress address)
{
    public const string Path = "/retention/calendar";

    public static async Task<IResult> Show(HttpContext http, FeedPages pages, CancellationToken cancellationToken) => PageAnswers.Page<FeedPage>(await pages.ModelAsync(http, cancellationToken));

    /// <summary>Answers with the page itself and not with a way to it: the secret is in no address, and on no other page.</summary>
    public static async Task<IResult> Make(HttpContext http, FeedMaking making, FeedPages pages, CancellationToken cancellationToken)
    {
        var (made, problem) = await making.MakeAsync(http, cancellationToken);
        var model = await pages.ModelAsync(http, cancellationToken);
        return problem is null ? PageAnswers.Page<FeedPage>(model with { Made = made }) : PageAnswers.Page<FeedPage>(model with { Error = problem.Sentence }, problem.Status);
    }

    public static async Task<IResult> Revoke(Guid id, HttpContext http, FeedMaking making, CancellationToken cancellationToken) =>
        await making.RevokeAsync(id, http, cancellationToken) ? TypedResults.LocalRedirect(Path) : new NoSuchPage();

    private async Task<FeedPageModel> ModelAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var feeds = await making.Live(http.User.MemberId()).OrderByDescending(feed => feed.CreatedAt).Select(feed => new FeedLine(feed.Id, feed.CreatedAt, feed.LastUsedAt)).ToListAsync(cancellationToken);
        return new FeedPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Retention, cancellationToken),
            Feeds = feeds,
            Address = address.Root(http.Request) + FeedDoor.Address,
            MayMake = feeds.Count < FeedMaking.MostOfAMember,
        };
    }
}
