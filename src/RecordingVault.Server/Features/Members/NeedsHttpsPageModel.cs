using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Members;

/// <param name="HostName">The name that the reader opened, without port.</param>
/// <param name="ServerAddress">Where the vault itself listens, as a proxy on the same machine reaches it.</param>
public sealed record NeedsHttpsPageModel(PageFrame Frame, string HostName, string ServerAddress = "127.0.0.1:8080");
