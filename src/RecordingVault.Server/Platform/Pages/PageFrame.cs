using System.Globalization;

namespace RecordingVault.Server.Platform.Pages;

/// <summary>What every page stands in: whose vault, who looks, which language and theme, and what its forms must send back.</summary>
public sealed record PageFrame
{
    /// <summary>Null on pages that must not say whose they are: doors, and links before their secret is proved.</summary>
    public string? TenantName { get; init; }

    /// <summary>Sent back by every unsafe request (security.md 9, tenant switch). Null where nobody is signed in.</summary>
    public Guid? TenantId { get; init; }

    public PageMember? Member { get; init; }

    /// <summary>Other organisations of the member, to which his session can change.</summary>
    public IReadOnlyList<TenantChoice> OtherTenants { get; init; } = [];

    public PageTheme Theme { get; init; } = PageTheme.System;

    public required AntiforgeryField Antiforgery { get; init; }

    public bool MayContribute => Member?.MayContribute ?? false;

    public bool MayReadLog => Member?.MayReadLog ?? false;

    /// <summary>What a member is told on each of his pages; mostly nothing.</summary>
    public PageBanner? Banner { get; init; }

    public NavEntry Current { get; init; } = NavEntry.None;

    /// <summary>Path and query of this page, so that changing the theme comes back to it.</summary>
    public string Path { get; init; } = "/";

    /// <summary>English for members; public pages follow Accept-Language (see <see cref="PublicTexts"/>).</summary>
    public CultureInfo Culture { get; init; } = PublicTexts.English;
}

public sealed record TenantChoice(Guid Id, string Name);

/// <summary>Pages offer only what the role allows (Platform/Security/Policies.cs): no button and no entry leads to a refusal.</summary>
/// <param name="Role">Owner, Admin, Contributor, Viewer or Auditor.</param>
public sealed record PageMember(string Name, string Role)
{
    public bool MayView => Role is not "Auditor";

    public bool MayContribute => Role is "Owner" or "Admin" or "Contributor";

    public bool MayReadLog => Role is "Owner" or "Admin" or "Auditor";

    public bool MayManageMembers => Role is "Owner" or "Admin";

    public bool MayHold => Role is "Owner" or "Admin";

    public bool MayExportEverything => Role is "Owner" or "Admin";

    public const string HomeOfAuditor = "/audit";

    public string Home => MayView ? "/" : HomeOfAuditor;
}

public sealed record AntiforgeryField(string Name, string Token);

public enum PageTheme
{
    System,
    Light,
    Dark,
}

public enum NavEntry
{
    None,
    Library,
    Upload,
    Links,
    People,
    Exports,
    Retention,
    Audit,
    Settings,
}
