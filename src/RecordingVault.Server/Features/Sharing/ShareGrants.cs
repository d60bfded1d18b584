using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using RecordingVault.Server.Platform.Configuration;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>The cookies of share links.</summary>
internal sealed class ShareGrants(IDataProtectionProvider protection, IOptions<VaultOptions> options, TimeProvider time)
{
    public const string CookieName = "__Secure-rvs";

    private static readonly TimeSpan LongestNotice = TimeSpan.FromMinutes(2);

    public LinkCookie Cookie { get; } = new(CookieName, "/s", TimeSpan.FromMinutes(options.Value.Links.IdleMinutes), protection.CreateProtector("recordingvault.v1.share-grant"), time);

    /// <summary>Sliding: whoever goes on watching goes on.</summary>
    public TimeSpan Lifetime => Cookie.Lifetime;

    /// <summary>So long before its end the page says so.</summary>
    public TimeSpan Notice => Lifetime / 2 < LongestNotice ? Lifetime / 2 : LongestNotice;
}
