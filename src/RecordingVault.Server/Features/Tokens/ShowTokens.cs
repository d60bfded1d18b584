using System.Globalization;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Sharing;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tokens;

/// <summary>The page of API tokens, and its forms.</summary>
internal static class ShowTokens
{
    public const string Path = SettingsPaths.Tokens;

    // What the page says was done.
    private const string Revoked = "revoked";
    private const string Stopped = "stopped";
    private const string RevokedAndStopped = "revoked-and-stopped";

    public static async Task<IResult> Handle(string? cursor, HttpContext http, TokensPages pages, DoneNotes notes, CancellationToken cancellationToken)
    {
        if (await pages.ModelAsync(http, cursor, cancellationToken) is not { } model)
            return TypedResults.LocalRedirect(Path);
        var done = notes.Take(http);
        return PageAnswers.Page<TokensPage>(model with { IsRevoked = done is Revoked or RevokedAndStopped, WereLinksStopped = done is Stopped or RevokedAndStopped });
    }

    public static async Task<IResult> Make(HttpContext http, TokenMaking making, TokensPages pages, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var (name, role) = (form["name"], form["role"]);
        var filled = new TokenForm
        {
            Name = name,
            Role = role,
            Days = form["days"],
            Purposes = [.. TokenPurposes.All.Where(purpose => form[$"purpose-{purpose}"].Length > 0)],
        };
        if (!TokensPages.RolesFor(http.User.RoleInTenant()).Contains(role, StringComparer.Ordinal))
            return await pages.WrongAsync(http, filled with { Error = "Choose a role that you have yourself." }, cancellationToken);
        var days = int.TryParse(filled.Days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var wanted = new NewToken(name, http.User.MemberId(), Enum.Parse<Role>(role), days) { Purposes = filled.Purposes };
        return wanted.Check() switch
        {
            { Field: "name" } => await pages.WrongAsync(http, filled with { NameError = "Say in 1 to 100 characters what the token is for." }, cancellationToken),
            not null => await pages.WrongAsync(http, filled with { DaysError = "A token lasts 1 to 365 days." }, cancellationToken),
            null => await making.MakeAsync(wanted, http.Actor(), cancellationToken) is { } made
                ? await pages.MadeAsync(http, wanted, made.Text, cancellationToken)
                : Problem.Unauthorized.ToResult(), // removed from the organisation meanwhile
        };
    }

    public static async Task<IResult> Revoke(Guid id, HttpContext http, TokenRevocation revocation, TokenLinks links, DoneNotes notes, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var stopsLinks = form["stop-links"] == "yes";
        if (stopsLinks && !TokensPages.MayStopLinks(http))
            return Problem.Forbidden.ToResult();
        if (!await revocation.RevokeAsync(id, http.TokensInSight(), http.Actor(), cancellationToken))
            return new NoSuchPage();
        // The token first: what it could still make meanwhile would be missed.
        if (stopsLinks)
            await links.StopAsync(id, http.User.MemberId(), http.Actor(), cancellationToken);
        return notes.LeadTo(http, Path, stopsLinks ? RevokedAndStopped : Revoked);
    }

    /// <summary>The links of a token that is over already.</summary>
    public static async Task<IResult> StopItsLinks(Guid id, HttpContext http, VaultDbContext db, TokenLinks links, DoneNotes notes, CancellationToken cancellationToken)
    {
        if (!await db.ApiTokens.InSight(http.TokensInSight()).AnyAsync(token => token.Id == id, cancellationToken))
            return new NoSuchPage();
        await links.StopAsync(id, http.User.MemberId(), http.Actor(), cancellationToken);
        return notes.LeadTo(http, Path, Stopped);
    }
}

/// <summary>The page as it is now, with what came of its forms.</summary>
internal sealed class TokensPages(PageFrames frames, TokenList list, TokenLinks links, VaultDbContext db, IServiceProvider services)
{
    private readonly VaultKeyring keyring = services.GetRequiredService<VaultKeyring>();
    private readonly TimeProvider time = services.GetRequiredService<TimeProvider>();

    public static bool MayStopLinks(HttpContext http) => http.User.RoleInTenant() is Role.Owner or Role.Admin or Role.Contributor;

    /// <summary>Null when the cursor is not one of the list.</summary>
    public async Task<TokensPageModel?> ModelAsync(HttpContext http, string? cursor, CancellationToken cancellationToken)
    {
        if (await list.PageAsync(http.TokensInSight(), Cursors.DefaultLimit, cursor, cancellationToken) is not { } page)
            return null;
        var own = http.User.RoleInTenant();
        var names = await NamesAsync(page.Items, http.User.MemberId(), cancellationToken);
        var live = await links.CountLiveAsync([.. page.Items.Select(token => token.Id)], cancellationToken);
        var now = time.Now();
        return new TokensPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Settings, cancellationToken),
            Tokens =
            [
                .. page.Items.Select(token => new TokenLine(
                    token.Id, token.Name, names.GetValueOrDefault(token.MemberId), token.Role, token.Purposes, token.CreatedAt, token.ExpiresAt, token.LastUsedAt,
                    token.RevokedAt is not null ? TokenState.Revoked : token.ExpiresAt <= now ? TokenState.Expired : TokenState.Live) { LiveLinks = live.GetValueOrDefault(token.Id) }),
            ],
            EarlierCursor = page.NextCursor,
            Roles = RolesFor(own),
            MayStopLinks = MayStopLinks(http),
            Form = new TokenForm { Role = (RoleReach.Shared(Role.Contributor, own) ?? own).ToString() },
        };
    }

    public async Task<IResult> MadeAsync(HttpContext http, NewToken made, TokenText text, CancellationToken cancellationToken) => PageAnswers.Page<TokensPage>(
        (await ModelAsync(http, null, cancellationToken))! with { Made = new MadeTokenText(made.Name.Trim(), made.Role.ToString(), time.Now() + TimeSpan.FromDays(made.Days), text.Show()) });

    public async Task<IResult> WrongAsync(HttpContext http, TokenForm form, CancellationToken cancellationToken) =>
        PageAnswers.Page<TokensPage>((await ModelAsync(http, null, cancellationToken))! with { Form = form }, StatusCodes.Status400BadRequest);

    /// <summary>The weakest first.</summary>
    public static IReadOnlyList<string> RolesFor(Role own) =>
        [.. new[] { Role.Viewer, Role.Contributor, Role.Auditor, Role.Admin, Role.Owner }.Where(role => own.Covers(role)).Select(role => role.ToString())];

    /// <summary>Of the others whose tokens are in sight.</summary>
    private async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IEnumerable<TokenResponse> tokens, Guid reader, CancellationToken cancellationToken)
    {
        var ids = tokens.Select(token => token.MemberId).Where(id => id != reader).Distinct().ToList();
        var members = await db.Users.AsNoTracking().Where(member => ids.Contains(member.Id)).Select(member => new { member.Id, member.DisplayName }).ToListAsync(cancellationToken);
        return members.ToDictionary(member => member.Id, member => member.DisplayName.Open(keyring.Vault, Guid.Empty, member.Id, Member.NameColumn));
    }
}
