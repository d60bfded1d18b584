namespace RecordingVault.Server.Platform.Security;

/// <summary>What a member may do in a tenant, strongest first. Auditor stands aside: he reads the log and no content.</summary>
internal enum Role
{
    Owner,
    Admin,
    Contributor,
    Viewer,
    Auditor,
}
