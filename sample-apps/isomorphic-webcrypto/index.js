// fhirclient 2.6 imports this name; every runtime it meets here has Web Crypto of its own.
export default globalThis.crypto
