using Microsoft.AspNetCore.DataProtection;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>The cookies of consent links and receipts: a scheme of their own, which no member's route and no share link looks at.</summary>
internal sealed class ConsentGrants(IDataProtectionProvider protection, TimeProvider time)
{
    public const string CookieName = "__Secure-rvc";

    /// <summary>Long enough to watch an hour's meeting before one answers.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(2);

    public LinkCookie Cookie { get; } = new(CookieName, ConsentPaths.Root, s_lifetime, protection.CreateProtector("recordingvault.v1.consent-grant"), time);
}

internal static class ConsentPaths
{
    public const string Root = "/c";

    public static string Of(Guid id) => $"{Root}/{id}";
}
