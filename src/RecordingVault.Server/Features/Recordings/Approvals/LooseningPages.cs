using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>Gathers what the pages of requests show.</summary>
internal sealed class LooseningPages(LooseningReading reading, RecordingTitles titles, PageFrames frames)
{
    public const string Path = "/loosenings";

    private const int OnPage = 50;

    /// <summary>Null where the cursor is none of this list.</summary>
    public async Task<LooseningsPageModel?> ListAsync(string? cursor, HttpContext http, CancellationToken cancellationToken)
    {
        if (await reading.PageAsync(OnPage, cursor, cancellationToken) is not { } page)
            return null;
        var names = await titles.OfAsync([.. page.Items.Select(item => item.Recording).Distinct()], cancellationToken);
        return new LooseningsPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Requests = [.. page.Items.Select(item => new LooseningLine(item, names.GetValueOrDefault(item.Recording) ?? ""))],
            EarlierCursor = page.NextCursor,
            IsNewest = string.IsNullOrEmpty(cursor),
        };
    }

    public async Task<LooseningPageModel?> OneAsync(Guid id, HttpContext http, CancellationToken cancellationToken) =>
        await reading.FindAsync(id, cancellationToken) is not { } found ? null : new LooseningPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Library, cancellationToken),
            Request = found,
            Name = (await titles.OfAsync([found.Recording], cancellationToken)).GetValueOrDefault(found.Recording) ?? "",
            IsReaders = found.AskedBy.Id == http.User.MemberId(),
        };
}
