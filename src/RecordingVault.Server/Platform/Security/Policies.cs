using Microsoft.AspNetCore.Authorization;

namespace RecordingVault.Server.Platform.Security;

/// <summary>Who may call an endpoint, by role. Every endpoint names one of these or stands in the short list of open ones that the architecture test knows.</summary>
internal static class Policies
{
    /// <summary>Any signed-in member or token of a tenant.</summary>
    public const string Member = "member";

    /// <summary>May look at recordings: everybody but the Auditor.</summary>
    public const string ViewRecordings = "view-recordings";

    /// <summary>May add, change and share recordings.</summary>
    public const string Contribute = "contribute";

    /// <summary>May read the log.</summary>
    public const string ReadLog = "read-log";

    public static void Configure(AuthorizationOptions options)
    {
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        Add(options, Member, Role.Owner, Role.Admin, Role.Contributor, Role.Viewer, Role.Auditor);
        Add(options, ViewRecordings, Role.Owner, Role.Admin, Role.Contributor, Role.Viewer);
        Add(options, Contribute, Role.Owner, Role.Admin, Role.Contributor);
        Add(options, ReadLog, Role.Owner, Role.Admin, Role.Auditor);
    }

    private static void Add(AuthorizationOptions options, string name, params Role[] roles) =>
        options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireClaim(VaultClaims.Role, roles.Select(role => role.ToString())));
}
