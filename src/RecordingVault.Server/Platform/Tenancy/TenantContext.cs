namespace RecordingVault.Server.Platform.Tenancy;

/// <summary>The tenant of the current scope. It is entered once and never changed, so no work wanders between tenants (P8).</summary>
internal sealed class TenantContext
{
    private Guid? tenantId;

    public bool IsEntered => tenantId is not null;

    /// <exception cref="InvalidOperationException">No tenant was entered: a forgotten scope is a fault and never an empty or unfiltered list.</exception>
    public Guid TenantId => tenantId ?? throw new InvalidOperationException("This scope has no tenant: enter one before touching tenant rows.");

    public void Enter(Guid id)
    {
        if (id == Guid.Empty)
            throw new ArgumentException("The empty id names no tenant.", nameof(id));
        if (tenantId is { } entered && entered != id)
            throw new InvalidOperationException("A scope belongs to one tenant for its whole life.");
        tenantId = id;
    }
}
