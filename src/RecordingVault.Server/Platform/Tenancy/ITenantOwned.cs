namespace RecordingVault.Server.Platform.Tenancy;

/// <summary>A row of one tenant. Its table's primary key and every foreign key to another tenant table begin with tenant_id (security.md 5).</summary>
internal interface ITenantOwned
{
    Guid TenantId { get; }
}
