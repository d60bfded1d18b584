using Microsoft.AspNetCore.Mvc;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Holds.Pages;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Retention.Holds;

internal static class HoldRoutes
{
    public static IServiceCollection AddHolds(this IServiceCollection services)
    {
        services.AddScoped<HoldReading>();
        services.AddScoped<HoldSetting>();
        services.AddScoped<HoldLifting>();
        services.AddScoped<MatterReading>();
        services.AddScoped<MatterChange>();
        services.AddScoped<MatterPages>();
        services.AddScoped<HoldPages>();
        services.AddScoped<HoldRows>();
        services.AddScoped<IRecordingRows>(provider => provider.GetRequiredService<HoldRows>());
        return services;
    }

    public static IEndpointRouteBuilder MapHolds(this IEndpointRouteBuilder routes)
    {
        var matters = routes.MapGroup("/api/v1/matters").RequireAuthorization(Policies.ReadLog).WithTags("Retention");
        matters.MapGet("/", MatterEndpoints.List);
        matters.MapPost("/", MatterEndpoints.Open).RequireAuthorization(Policies.HoldRecordings).Audited(MatterChange.Opened);
        matters.MapGet("/{id:guid}", MatterEndpoints.One);
        matters.MapPatch("/{id:guid}", MatterEndpoints.Change).RequireAuthorization(Policies.HoldRecordings).Audited(MatterChange.Changed);
        matters.MapPost("/{id:guid}/close", MatterEndpoints.Close).RequireAuthorization(Policies.HoldRecordings, Policies.InPerson).Audited(HoldLifting.Closed);
        matters.MapGet("/{id:guid}/holds", MatterEndpoints.Holds);
        var holds = routes.MapGroup("/api/v1/recordings/{id:guid}/holds").RequireAuthorization(Policies.ViewRecordings).WithTags("Retention");
        holds.MapGet("", HoldEndpoints.List);
        holds.MapPost("", HoldEndpoints.Set).RequireAuthorization(Policies.HoldRecordings).Audited(HoldSetting.Set);
        holds.MapDelete("/{hold:guid}", HoldEndpoints.Lift).RequireAuthorization(Policies.HoldRecordings, Policies.InPerson).Audited(HoldLifting.Lifted);
        return routes.MapHoldPages();
    }

    private static IEndpointRouteBuilder MapHoldPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(MatterPages.Path, MatterPages.ShowAll).RequireAuthorization(Policies.ReadLog).ExcludeFromDescription();
        routes.MapGet(MatterPages.Path + "/{id:guid}", MatterPages.Show).RequireAuthorization(Policies.ReadLog).ExcludeFromDescription();
        Form(routes.MapPost(MatterPages.Path, MatterPages.Open)).RequireAuthorization(Policies.HoldRecordings).Audited(MatterChange.Opened);
        Form(routes.MapPost(MatterPages.Path + "/{id:guid}", MatterPages.Change)).RequireAuthorization(Policies.HoldRecordings).Audited(MatterChange.Changed);
        Form(routes.MapPost(MatterPages.Path + "/{id:guid}/close", MatterPages.Close)).RequireAuthorization(Policies.HoldRecordings, Policies.InPerson).Audited(HoldLifting.Closed);
        routes.MapGet("/recordings/{id:guid}/hold", HoldPages.Show).RequireAuthorization(Policies.ViewRecordings).ExcludeFromDescription();
        Form(routes.MapPost("/recordings/{id:guid}/hold", HoldPages.Set)).RequireAuthorization(Policies.HoldRecordings).Audited(HoldSetting.Set);
        Form(routes.MapPost("/recordings/{id:guid}/holds/{hold:guid}/lift", HoldPages.Lift)).RequireAuthorization(Policies.HoldRecordings, Policies.InPerson).Audited(HoldLifting.Lifted);
        Form(routes.MapPost(HoldChosen.Path, HoldChosen.Ask)).RequireAuthorization(Policies.HoldRecordings).NotAudited("It asks for which matter, and holds nothing yet.");
        Form(routes.MapPost(HoldChosen.SetPath, HoldChosen.Set)).RequireAuthorization(Policies.HoldRecordings).Audited(HoldSetting.Set);
        return routes;
    }

    private static RouteHandlerBuilder Form(RouteHandlerBuilder route) => route.WithMetadata(new RequestSizeLimitAttribute(CrossSiteGuard.FormLimit)).ExcludeFromDescription();
}
