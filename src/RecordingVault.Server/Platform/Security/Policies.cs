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

    /// <summary>Runs the machine: signed in on the operator's own listener, and no member by that.</summary>
    public const string Operator = "operator";

    /// <summary>May destroy what lies in the trash before its time is over.</summary>
    public const string DestroyByHand = "destroy-by-hand";

    /// <summary>May put recordings on hold for a matter, and lift a hold.</summary>
    public const string HoldRecordings = "hold-recordings";

    /// <summary>May take every recording along: those who see them all.</summary>
    public const string ExportEverything = "export-everything";

    /// <summary>May see and manage who belongs to the tenant; nobody manages above himself.</summary>
    public const string ManageMembers = "manage-members";

    /// <summary>May decide for the tenant as such.</summary>
    public const string OwnTenant = "own-tenant";

    /// <summary>A signed-in person, and no API token: what gives others a way in must not follow from a stolen script.</summary>
    public const string InPerson = "in-person";

    /// <summary>May loosen or tighten how members of the tenant sign in: an Owner in person, and no API token.</summary>
    public const string DecideSecurity = "decide-security";

    public static void Configure(AuthorizationOptions options)
    {
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        Add(options, Member, Role.Owner, Role.Admin, Role.Contributor, Role.Viewer, Role.Auditor);
        Add(options, ViewRecordings, Role.Owner, Role.Admin, Role.Contributor, Role.Viewer);
        Add(options, Contribute, Role.Owner, Role.Admin, Role.Contributor);
        Add(options, ReadLog, Role.Owner, Role.Admin, Role.Auditor);
        options.AddPolicy(Operator, policy => policy.RequireAuthenticatedUser().RequireClaim(VaultClaims.Operator));
        Add(options, DestroyByHand, Role.Owner, Role.Admin);
        Add(options, HoldRecordings, Role.Owner, Role.Admin);
        Add(options, ExportEverything, Role.Owner, Role.Admin);
        Add(options, ManageMembers, Role.Owner, Role.Admin);
        Add(options, OwnTenant, Role.Owner);
        options.AddPolicy(DecideSecurity, policy => policy.RequireAuthenticatedUser().RequireClaim(VaultClaims.Session).RequireClaim(VaultClaims.Role, nameof(Role.Owner)));
        options.AddPolicy(InPerson, policy => policy.RequireAuthenticatedUser().RequireClaim(VaultClaims.Session));
    }

    private static void Add(AuthorizationOptions options, string name, params Role[] roles) =>
        options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireClaim(VaultClaims.Role, roles.Select(role => role.ToString())));
}
