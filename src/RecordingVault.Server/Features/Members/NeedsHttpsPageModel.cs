using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <param name="HostName">The name that the reader opened, without port.</param>
/// <param name="Port">Where the vault itself listens, as a proxy on the same machine reaches it.</param>
public sealed record NeedsHttpsPageModel(PageFrame Frame, string HostName, int Port = 8080)
{
    /// <summary>Opened over https, so only the name is strange.</summary>
    public bool IsHttps { get; init; }

    /// <summary>The vault's public address, where one is set.</summary>
    public string? PublicRoot { get; init; }
}
