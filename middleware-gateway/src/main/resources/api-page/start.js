// Shows the document of all services, and offers that of each.
fetch('services.json')
  .then(response => response.json())
  .then(services => SwaggerUIBundle({
    dom_id: '#page',
    urls: [{name: 'All services', url: '../openapi.json'}]
      .concat(services.map(name => ({name, url: '../openapi/' + name + '.json'}))),
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: 'StandaloneLayout',
    deepLinking: true,
    // a form is larger than a list: forms are opened one by one
    docExpansion: services.length > 5 ? 'none' : 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    // checks documents at a server elsewhere
    validatorUrl: null
  }))
  .catch(failure => {
    document.getElementById('page').textContent = 'The list of services could not be read: ' + failure
  })
