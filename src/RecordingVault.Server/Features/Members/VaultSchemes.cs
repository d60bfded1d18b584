using Microsoft.AspNetCore.Authentication;

namespace RecordingVault.Server.Features.Members;

/// <summary>The one scheme of members, and what its identities say of how they came.</summary>
internal static class VaultSchemes
{
    public const string Member = "member";
    public const string Session = "session";
    public const string Token = "token";

    public static void AddVaultSchemes(this IServiceCollection services) =>
        services.AddAuthentication(Member).AddScheme<AuthenticationSchemeOptions, MemberHandler>(Member, null);
}
