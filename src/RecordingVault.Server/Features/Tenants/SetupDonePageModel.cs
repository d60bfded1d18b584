using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Tenants;

/// <param name="RootKeyFile">Where the root key lies on the server; null when it comes from elsewhere (environment, key service).</param>
public sealed record SetupDonePageModel(PageFrame Frame, string HostName, string TenantName, string? RootKeyFile);
