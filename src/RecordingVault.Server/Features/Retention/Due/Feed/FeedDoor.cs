using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Platform.Tenancy;

namespace RecordingVault.Server.Features.Retention.Due.Feed;

/// <summary>
/// GET /calendar/due.ics: the address is the same for everybody, and what proves who asks comes by HTTP Basic, so that no secret stands in an address that programs, proxies and logs keep
/// (decision 0188).
/// </summary>
internal sealed class FeedDoor(VaultDbContext db, TenantContext tenant, SystemScope system, Throttling throttling, TimeProvider time)
{
    public const string Address = "/calendar/due.ics";

    private const string Basic = "Basic ";
    private const int LongestHeader = 256;

    /// <summary>Apart from signing in: a calendar that goes on asking with a password that is over must not keep an office from its vault.</summary>
    private static readonly ThrottleRule s_byCalendar = new("calendar-address", 20, TimeSpan.FromMinutes(15));

    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(366);
    private static readonly TimeSpan s_usedStep = TimeSpan.FromMinutes(1);

    public static async Task<IResult> Handle(HttpContext http, FeedDoor door, PublicAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Read(http.Request.Headers.Authorization.ToString()) is not { } shown)
            return Refused(http);
        var (isLet, wait) = await door.ProveAsync(http, shown.Id, shown.Secret, cancellationToken);
        if (wait is { } until)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling((until - time.Now()).TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        if (!isLet)
            return Refused(http);
        // The reading belongs to the tenant that the request has entered by now.
        var reading = http.RequestServices.GetRequiredService<DueReading>();
        var now = time.Now();
        var days = await reading.DaysAsync(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), now + s_ahead, cancellationToken);
        return TypedResults.Text(DueCalendar.Write(shown.Id, days, $"{address.Root(http.Request)}{DueRoutes.Path}", now), "text/calendar", Encoding.UTF8);
    }

    private static StatusCodeHttpResult Refused(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"RecordingVault calendar\", charset=\"UTF-8\"";
        return TypedResults.StatusCode(StatusCodes.Status401Unauthorized);
    }

    /// <summary>Null where it is not one id and one secret.</summary>
    private static (Guid Id, byte[] Secret)? Read(string header)
    {
        if (header.Length > LongestHeader || !header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> bytes = stackalloc byte[LongestHeader];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length))
            return null;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Guid.TryParseExact(text[..colon], "D", out var id) && SecretToken.Parse(text.AsSpan(colon + 1)) is { } secret ? (id, secret) : null;
    }

    /// <summary>Each try is counted before it is looked at, per address and per feed, and given back where it was good. An unknown feed costs the same reads and the same hash as a known one.</summary>
    private async Task<(bool IsLet, DateTimeOffset? Wait)> ProveAsync(HttpContext http, Guid id, byte[] secret, CancellationToken cancellationToken)
    {
        var (byAddress, byFeed) = (throttling.Address(http.Connection.RemoteIpAddress) with { Rule = s_byCalendar }, throttling.Link(id));
        if (await throttling.TryAsync([byAddress, byFeed], cancellationToken) is { } until)
            return (false, until);
        tenant.Enter(await system.FindTenantAsync(SystemReason.Locate, LocatorKind.DueFeed, id, cancellationToken) ?? Guid.CreateVersion7());
        var feed = await db.DueFeeds.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var matches = SecretToken.Matches(FeedMaking.HashOf(id, secret), feed?.SecretHash ?? new byte[32]);
        if (!matches || feed is not { RevokedAt: null } || !await StandsAsync(feed, cancellationToken))
            return (false, null);
        await throttling.GiveBackAsync(byAddress, cancellationToken);
        await throttling.GiveBackAsync(byFeed, cancellationToken);
        await TouchAsync(feed, cancellationToken);
        return (true, null);
    }

    /// <summary>It ends with the membership that it was made in, and with the right to look at recordings; where the tenant asks for two factors, its member has two.</summary>
    private Task<bool> StandsAsync(DueFeed feed, CancellationToken cancellationToken) => db.Memberships.AnyAsync(
        membership => membership.MemberId == feed.MemberId && membership.EndedAt == null && membership.CreatedAt <= feed.CreatedAt && membership.Role != Role.Auditor
            && (!db.Tenants.Any(row => row.RequiresTwoFactors) || db.Users.Any(member => member.Id == feed.MemberId && (member.TotpSeed != null || db.Set<IdentityUserPasskey<Guid>>().Any(passkey => passkey.UserId == member.Id)))),
        cancellationToken);

    private async Task TouchAsync(DueFeed feed, CancellationToken cancellationToken)
    {
        var now = time.Now();
        var before = now - s_usedStep;
        if (feed.LastUsedAt > before)
            return;
        await db.DueFeeds.Where(row => row.Id == feed.Id && (row.LastUsedAt == null || row.LastUsedAt <= before)).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellationToken);
    }
}
