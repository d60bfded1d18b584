using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tenants;

/// <summary>First start. Posts secret, name, email, password and tenantName to /setup.</summary>
public sealed record SetupPageModel
{
    public required PageFrame Frame { get; init; }

    public required string HostName { get; init; }

    public SetupState State { get; init; } = SetupState.Open;

    /// <summary>Comes back to whoever sent it when a field was refused, so that the form can be sent again. Null on the first visit: the page reads the fragment.</summary>
    public string? Secret { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? TenantName { get; init; }

    public SetupErrors Errors { get; init; } = new();

    public int MinimumPasswordLength { get; init; } = 12;
}

/// <summary>A sentence with the cure for each field that was refused.</summary>
public sealed record SetupErrors
{
    public string? Name { get; init; }

    public string? Email { get; init; }

    public string? Password { get; init; }

    public string? TenantName { get; init; }
}

public enum SetupState
{
    Open,

    /// <summary>The secret is wrong, used or older than 24 hours.</summary>
    WrongSecret,

    /// <summary>The vault has its first owner.</summary>
    Finished,
}
