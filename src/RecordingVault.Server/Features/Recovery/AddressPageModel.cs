using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Posts email to /settings/address, and nothing to /settings/address/stop.</summary>
public sealed record AddressPageModel
{
    public required PageFrame Frame { get; init; }

    public required string Email { get; init; }

    public required bool CanMail { get; init; }

    public string? Wanted { get; init; }

    public string? Error { get; init; }

    public OpenAddressChange? Open { get; init; }
}

/// <summary>A change that waits for answers.</summary>
public sealed record OpenAddressChange(string Address, bool NewAgreed, bool OldAgreed, DateTimeOffset EndsAt)
{
    /// <summary>Why the letter to the new address did not arrive; null where nothing is known to be wrong.</summary>
    public string? NewFailure { get; init; }

    /// <summary>The same, of the present address.</summary>
    public string? OldFailure { get; init; }
}
