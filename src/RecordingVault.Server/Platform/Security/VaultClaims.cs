using System.Globalization;
using System.Security.Claims;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Platform.Security;

/// <summary>What a signed-in request knows of its asker. Claims live for one request: they are read from rows each time.</summary>
internal static class VaultClaims
{
    public const string Member = ClaimTypes.NameIdentifier;
    public const string Name = ClaimTypes.Name;
    public const string Tenant = "tenant";
    public const string Role = ClaimTypes.Role;
    public const string Session = "session";
    public const string Operator = "operator";
    public const string OperatorSession = "operator-session";
    public const string Token = "token";
    public const string SignIn = "signed-in-at";
    public const string MustChange = "must-change-password";
    public const string TwoFactors = "two-factors";
    public const string TooFewFactors = "too-few-factors";
    public const string SecondNotShown = "second-factor-not-shown";

    public static Guid MemberId(this ClaimsPrincipal user) => Id(user, Member) ?? throw new InvalidOperationException("The request has no member.");

    public static Guid? TokenId(this ClaimsPrincipal user) => Id(user, Token);

    public static Guid? SessionId(this ClaimsPrincipal user) => Id(user, Session);

    public static Guid? OperatorId(this ClaimsPrincipal user) => Id(user, Operator);

    public static Guid? OperatorSessionId(this ClaimsPrincipal user) => Id(user, OperatorSession);

    public static Guid? TenantId(this ClaimsPrincipal user) => Id(user, Tenant);

    public static DateTimeOffset? SignedInAt(this ClaimsPrincipal user) =>
        DateTimeOffset.TryParse(user.FindFirstValue(SignIn), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) ? at : null;

    /// <summary>Whether his password came from somebody else; then he may only change it.</summary>
    public static bool MustChangePassword(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == MustChange);

    /// <summary>Whether the session began with two factors.</summary>
    public static bool HasTwoFactors(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == TwoFactors);

    /// <summary>Whether the tenant asks for two factors and the session began with one, or the token's member has but one.</summary>
    public static bool HasTooFewFactors(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == TooFewFactors);

    /// <summary>Whether he has a second factor and the session began without it.</summary>
    public static bool HidesSecondFactor(this ClaimsPrincipal user) => user.HasClaim(claim => claim.Type == SecondNotShown);

    public static Role RoleInTenant(this ClaimsPrincipal user) => Enum.Parse<Role>(user.FindFirstValue(Role) ?? throw new InvalidOperationException("The request has no role."));

    /// <summary>The asker as the log tells him. A token acts as itself; its member is in the sealed values.</summary>
    public static Actor Actor(this HttpContext http)
    {
        var user = http.User;
        var (kind, id) = user.TokenId() is { } token ? (AuditActorKind.Token, token) : (AuditActorKind.Member, user.MemberId());
        return new Actor(kind, id)
        {
            Name = user.FindFirstValue(Name),
            Address = http.Connection.RemoteIpAddress?.ToString(),
            UserAgent = http.Request.Headers.UserAgent.ToString(),
        };
    }

    private static Guid? Id(ClaimsPrincipal user, string type) => Guid.TryParse(user.FindFirstValue(type), out var id) ? id : null;
}
