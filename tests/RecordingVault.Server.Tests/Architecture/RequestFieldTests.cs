using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Architecture;

/// <summary>Which fields a request brings and an answer shows is written down in a type of its own: a column that is added to a row is neither filled from outside nor shown by that.</summary>
[Trait("Run", "Once")]
public sealed class RequestFieldTests(SharedVault shared)
{
    private static readonly Assembly s_server = typeof(VaultDbContext).Assembly;

    [Fact]
    public void No_request_fills_a_row_and_no_answer_shows_one()
    {
        var bodies = BodiesOf(Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>()).Select(body => body.RequestType));
        var answers = BodiesOf(Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()).Select(answer => answer.Type));
        // Else it would pass on an empty table.
        Assert.True(bodies.Count > 15, $"Only {bodies.Count} kinds of bodies were found.");
        Assert.True(answers.Count > 15, $"Only {answers.Count} kinds of answers were found.");

        var rows = Rows();
        Assert.Equal("", string.Join('\n', bodies.Concat(answers).Where(rows.Contains).Select(type => type.FullName)));
    }

    /// <summary>Whose tenant it is, who acts and in which role come from the session or the token.</summary>
    [Fact]
    public void No_request_says_for_which_tenant_it_speaks_or_who_it_is()
    {
        var bodies = BodiesOf(Endpoints.SelectMany(endpoint => endpoint.Metadata.GetOrderedMetadata<IAcceptsMetadata>()).Select(body => body.RequestType));

        Assert.Equal("", string.Join('\n', bodies.SelectMany(type => type.GetProperties()).Where(property => property.Name is "TenantId" or "Tenant" or "MemberId" or "OwnerId" or "Actor").Select(property => $"{property.DeclaringType!.Name}.{property.Name}")));
    }

    private IEnumerable<RouteEndpoint> Endpoints => shared.Vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private HashSet<Type> Rows()
    {
        using var scope = shared.Vault.Services.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<VaultDbContext>().Model.GetEntityTypes().Select(entity => entity.ClrType)];
    }

    /// <summary>The types of ours that are read or written as JSON, with all that stands in them.</summary>
    private static HashSet<Type> BodiesOf(IEnumerable<Type?> types)
    {
        var found = new HashSet<Type>();
        var left = new Queue<Type>(types.OfType<Type>());
        while (left.TryDequeue(out var type))
        {
            foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
                left.Enqueue(part);
            if (type.Assembly != s_server || type.IsEnum || !found.Add(type))
                continue;
            foreach (var property in type.GetProperties())
                left.Enqueue(property.PropertyType);
        }

        return found;
    }
}
