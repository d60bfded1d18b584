using Microsoft.AspNetCore.Antiforgery;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>What every page stands in, read from the request: theme, antiforgery token, and for members the tenant and their name.</summary>
internal sealed class PageFrames(VaultDbContext db, TenantKeys keys, IAntiforgery antiforgery, ITenantChoices choices, IEnumerable<IMemberBanner> banners)
{
    public const string ThemeCookie = "rv-theme";

    public async Task<PageFrame> ForMemberAsync(HttpContext http, NavEntry current, CancellationToken cancellationToken)
    {
        var user = http.User;
        return ForVisitor(http) with
        {
            TenantId = db.TenantId,
            TenantName = await TenantNameAsync(cancellationToken),
            Member = new PageMember(user.FindFirst(VaultClaims.Name)?.Value ?? "", user.RoleInTenant().ToString()),
            Current = current,
            Banner = user.SessionId() is null ? null : await BannerAsync(user.MemberId(), cancellationToken),
            OtherTenants = await choices.OthersAsync(user, cancellationToken),
        };
    }

    /// <summary>For doors and public pages: it names nobody; the forms of somebody signed in say his tenant.</summary>
    public PageFrame ForVisitor(HttpContext http)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        return new PageFrame
        {
            TenantId = http.User.TenantId(),
            Antiforgery = new AntiforgeryField(tokens.FormFieldName, tokens.RequestToken!),
            Theme = http.Request.Cookies[ThemeCookie] switch { "light" => PageTheme.Light, "dark" => PageTheme.Dark, _ => PageTheme.System },
            Path = http.Request.Path + http.Request.QueryString,
        };
    }

    private async Task<PageBanner?> BannerAsync(Guid memberId, CancellationToken cancellationToken)
    {
        foreach (var banner in banners)
        {
            if (await banner.FindAsync(memberId, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    public async Task<string> TenantNameAsync(CancellationToken cancellationToken)
    {
        var name = await db.Tenants.AsNoTracking().Select(tenant => tenant.Name).SingleAsync(cancellationToken);
        using var key = await keys.DataKeyAsync(cancellationToken);
        return name.Open(key, db.TenantId, db.TenantId, Tenant.NameColumn);
    }
}
